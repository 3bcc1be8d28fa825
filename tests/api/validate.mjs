// Asks a running querent and holds each answer to the schema:
//   validate.mjs SCHEMA URL [URL_WITH_A_PASSWORD]
// One line a check; the last one is "N passed, M failed".
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const [schemaFile, url, lockedUrl] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
const ajv = new Ajv2020({ strict: true, strictTypes: false,
                          allErrors: true });
ajv.addSchema(schema, "api");
const validator = (name) => ajv.getSchema(`api#/$defs/${name}`);

const counts = { passed: 0, failed: 0 };

function check(what, wrong) {
  if (wrong) console.log(`FAILED ${what}: ${wrong}`);
  else console.log(`passed ${what}`);
  ++counts[wrong ? "failed" : "passed"];
}

function wrongIn(name, document) {
  const validate = validator(name);
  return validate(document) ? "" : ajv.errorsText(validate.errors, { dataVar: name });
}

async function ask(path, options = {}, from = url) {
  const response = await fetch(from + path, options);
  const text = await response.text();
  let json = null;
  try {
    json = JSON.parse(text);
  } catch { /* no JSON: null */ }
  return { status: response.status, headers: response.headers, text, json };
}

// Asks until an answer is as it should be, or for 20 seconds.
async function waitFor(path, good) {
  const until = Date.now() + 20000;
  let answer = null;
  do {
    try {
      answer = await ask(path);
      if (good(answer.json)) return answer;
    } catch { /* it does not listen yet */ }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < until);
  return answer;
}

async function holds(path, name, { status = 200, more = () => "", ...options } = {}) {
  const answer = await ask(path, options);
  const type = answer.headers.get("content-type");
  let wrong = "";
  if (answer.status !== status) wrong = `status ${answer.status}, not ${status}`;
  else if (type !== "application/json; charset=utf-8") wrong = `content type ${type}`;
  else if (answer.json === null) wrong = `no JSON: ${answer.text.slice(0, 100)}`;
  check(`${options.method ?? "GET"} ${path} is ${name}`,
        wrong || wrongIn(name, answer.json) || more(answer.json, answer));
  return answer.json;
}

const segmentsOf = (status) => status.interfaces.flatMap((link) => link.segments);

async function documents() {
  await waitFor("/readyz", (json) => json?.ready === true);
  await waitFor("/api/v1/groups", (json) => json?.total >= 4);
  await waitFor("/api/v1/status", (json) =>
    json !== null && segmentsOf(json).some((segment) => segment.state === "querier"));
  const status = await holds("/api/v1/status", "status", {
    more: (json) => (segmentsOf(json).length >= 4 ? "" : "too few segments to tell"),
  });
  await holds("/healthz", "health");
  await holds("/readyz", "readiness");
  const groups = await holds("/api/v1/groups", "groups", {
    more: (json) => (json.after === null && json.total === json.groups.length ? "" : "not all"),
  });
  const events = await holds("/api/v1/events", "events", {
    more: (json) => (json.events.length > 0 && json.events.at(-1).id === json.last ? "" : "none"),
  });
  await holds(`/api/v1/events?since=${events.last - 1}&limit=1`, "events", {
    more: (json) => (json.events.length === 1 ? "" : `${json.events.length} events`),
  });
  check("the same process answers", status.instance === events.instance ? "" : "another instance");
  return { status, groups, events };
}

async function pages(all) {
  const seen = [];
  let after = null;
  do {
    const next = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page = await holds(`/api/v1/groups?limit=1${next}`, "groups");
    seen.push(...page.groups.map((group) => `${group.interface} ${group.group}`));
    after = page.after;
  } while (after !== null && seen.length < 100);
  const wanted = all.groups.map((group) => `${group.interface} ${group.group}`);
  check("pages together are all groups", String(seen) === String(wanted) ? "" : String(seen));
  await holds("/api/v1/groups?family=ipv6", "groups", {
    more: (json) => (json.total > 0 && json.groups.every((group) => group.family === "ipv6")
      ? "" : "another family"),
  });
  await holds("/api/v1/groups?interface=none", "groups", {
    more: (json) => (json.total === 0 ? "" : "groups of no interface"),
  });
}

async function errors() {
  await holds("/nowhere", "error", { status: 404 });
  await holds("/api/v1/status", "error", {
    status: 405, method: "POST",
    more: (json, answer) => (answer.headers.get("allow") === "GET, HEAD" ? "" : "no Allow"),
  });
  for (const query of ["limit=0", "limit=1001", "family=x", "after=x", "colour=red", "limit=%25zz"])
    await holds(`/api/v1/groups?${query}`, "error", { status: 400 });
  for (const query of ["since=x", "limit=0", "interface=a"])
    await holds(`/api/v1/events?${query}`, "error", { status: 400 });
  const head = await ask("/api/v1/status", { method: "HEAD" });
  check("HEAD has no body", head.status === 200 && head.text === "" ? "" : head.text);
  if (!lockedUrl) return;
  const locked = await ask("/api/v1/status", {}, lockedUrl);
  check("without a password", locked.status === 401 ? wrongIn("error", locked.json)
    : `status ${locked.status}`);
  const said = (text) => ({ headers: { authorization: `Basic ${btoa(text)}` } });
  const right = await ask("/api/v1/status", said("alice:wonderland"), lockedUrl);
  check("with the password", right.status === 200 ? wrongIn("status", right.json)
    : `status ${right.status}`);
  const unready = await ask("/readyz", said("alice:wonderland"), lockedUrl);
  check("not ready", unready.status === 503 ? wrongIn("readiness", unready.json)
    : `status ${unready.status}`);
  const empty = await ask("/api/v1/groups", said("alice:wonderland"), lockedUrl);
  check("no groups", wrongIn("groups", empty.json));
}

// What must be refused: every required member left out, every type changed.
function broken(name, document) {
  const refused = (what, edit) => {
    const copy = structuredClone(document);
    edit(copy);
    check(`a broken ${name} is refused: ${what}`, wrongIn(name, copy) ? "" : "it is taken");
  };
  const walk = (value, path, at) => {
    if (Array.isArray(value)) {
      if (value.length) walk(value[0], `${path}[0]`, (root) => at(root)[0]);
    } else if (value !== null && typeof value === "object") {
      const isTally = /(rejected|malformed|send_errors)$/.test(path);
      for (const member of Object.keys(value)) {
        if (!isTally) refused(`no ${path}.${member}`, (root) => delete at(root)[member]);
        refused(`${path}.${member} is {}`, (root) => { at(root)[member] = { "": {} }; });
        walk(value[member], `${path}.${member}`, (root) => at(root)[member]);
      }
    }
  };
  walk(document, name, (root) => root);
  const copy = structuredClone(document);
  copy.added_later = 1;
  check(`a ${name} with one more member is taken`, wrongIn(name, copy));
}

const { status, groups, events } = await documents();
await pages(groups);
await errors();
for (const [name, document] of Object.entries({
  status, groups, events, error: { error: "x" }, readiness: { ready: true, reasons: [] },
  health: await holds("/healthz", "health"),
})) broken(name, document);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
