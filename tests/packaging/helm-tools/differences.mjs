// What is rendered, against a golden rendering and what the values change of it.
import YAML from "yaml";
import { DIFFERENCES, GOLDEN, canonical, documentsIn, read } from "./lib.mjs";

export const differences = YAML.parse(read(DIFFERENCES), { merge: true });

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isNamed = (list) =>
  list.length > 0 && list.every((entry) => isObject(entry) && typeof entry.name === "string");

// The same with a list of things that have names as an object of them.
function byName(value) {
  if (Array.isArray(value))
    return isNamed(value)
      ? Object.fromEntries(value.map((entry) => [entry.name, byName(entry)]))
      : value.map(byName);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, byName(entry)]));
}

// The documents by kind. The checksum of the configuration differs wherever that does.
function byKind(text) {
  const documents = documentsIn(canonical(text)).map((document) => {
    delete document.spec?.template?.metadata.annotations["checksum/config"];
    return [document.data?.["querent.json"] ? "Dashboard" : document.kind, byName(document)];
  });
  const kinds = documents.map(([kind]) => kind);
  if (new Set(kinds).size !== kinds.length) throw new Error(`two documents of a kind: ${kinds}`);
  return Object.fromEntries(documents);
}

// RFC 7396, JSON Merge Patch.
function patched(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = patched(result[key], value);
  }
  return result;
}

// The patch that makes the one of the other; nothing where they are the same.
function patchOf(from, to) {
  if (!isObject(from) || !isObject(to))
    return JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  const patch = {};
  for (const key of Object.keys({ ...from, ...to })) {
    const value = key in to ? patchOf(from[key], to[key]) : null;
    if (value !== undefined) patch[key] = value;
  }
  return Object.keys(patch).length ? patch : undefined;
}

// What is wrong with the rendering of these values.
export function unexpected(name, text) {
  const { from, changes } = differences[name];
  const expected = patched(byKind(read(`${GOLDEN}/${from}.yaml`)), changes ?? {});
  const patch = patchOf(expected, byKind(text));
  return patch && `as a patch of what is expected:\n${YAML.stringify(patch)}`;
}
