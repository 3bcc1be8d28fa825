// The tables of the chart's README.md: every value with its default from values.yaml and its words
// from the schema; every setting with the default of querent.
import { inForce, mergedValues, schema } from "./lib.mjs";

const cell = (text) => text.replaceAll("|", "\\|");
const definition = (node) => (node.$ref ? schema.definitions[node.$ref.split("/").at(-1)] : node);

// Values that are one row, though they have members: those are Kubernetes' or querent's.
const WHOLE = ["resources", "querier", "log", "names", "nodeSelector"];

function leaves(node, value, path) {
  const deeper = node.properties && !WHOLE.includes(path);
  if (!deeper) return [{ path, value, node }];
  return Object.keys(node.properties)
    .filter((key) => key !== "global")
    .flatMap((key) => leaves(node.properties[key], value?.[key], path ? `${path}.${key}` : key));
}

export function rows() {
  return leaves(schema, mergedValues(), "").map(
    ({ path, value, node }) =>
      `| \`${path}\` | \`${JSON.stringify(value)}\` | ${cell(node.description ?? "?")} |`,
  );
}

export function settingRows() {
  const { out } = inForce('[[interface]]\nname = "eth1"\n');
  return Object.entries(schema.properties.querier.properties).map(([key, node]) => {
    const value = out.match(new RegExp(`^${key} = (\\S+)`, "m"))?.[1];
    return `| \`${key}\` | \`${value}\` | ${cell(definition(node).description ?? "?")} |`;
  });
}
