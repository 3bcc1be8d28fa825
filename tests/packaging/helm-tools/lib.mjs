// What the tests of the chart share. The environment says where things are: CHART, VALUES, GOLDEN,
// DIFFERENCES, PROGRAM (querent), RULES and DASHBOARD (what the chart has copies of), SCRATCH (a directory of
// ours); ONLY is the one file of values to render.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import Ajv from "ajv";
import YAML from "yaml";

export const { CHART, VALUES, GOLDEN, DIFFERENCES, PROGRAM, RULES, DASHBOARD, SCRATCH, ONLY } =
  process.env;

const counts = { passed: 0, failed: 0 };

// `wrong` is what is wrong: text, or lines; nothing or empty if all is well.
export function check(what, wrong) {
  const text = Array.isArray(wrong) ? wrong.join("\n") : wrong || "";
  if (text) console.log(`FAILED ${what}\n${text.replace(/^/gm, "  ")}`);
  ++counts[text ? "failed" : "passed"];
}

export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

export function read(file) {
  return readFileSync(file, "utf8");
}

export const cases = () =>
  readdirSync(VALUES)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -5))
    .filter((name) => !ONLY || name === ONLY)
    .sort();
export const valuesFile = (name) => `${VALUES}/${name}.yaml`;

export function run(command, args, environment = {}) {
  const kept = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("QUERENT_")),
  );
  const done = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...kept, ...environment },
  });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, error: done.stderr };
}

export function helm(...args) {
  return run("helm", args);
}

export function render(chart, ...args) {
  return helm("template", "net", chart, "--namespace", "multicast", ...args);
}

// The values as a file (JSON is YAML).
export function written(values, name = "values.json") {
  const file = `${SCRATCH}/${name}`;
  writeFileSync(file, JSON.stringify(values));
  return file;
}

// A chart of the same values and of one template of ours, for what the chart itself does not show.
function probing(name, templates) {
  const chart = `${SCRATCH}/${name}`;
  mkdirSync(`${chart}/templates`, { recursive: true });
  for (const file of ["Chart.yaml", "values.yaml"]) cpSync(`${CHART}/${file}`, `${chart}/${file}`);
  for (const [file, text] of Object.entries(templates))
    writeFileSync(`${chart}/templates/${file}`, text);
  return chart;
}

const shown = (expression) => `apiVersion: v1
kind: ConfigMap
metadata: {name: shown}
data: {text: ${expression}}
`;

function textOf(chart, args) {
  const done = render(chart, ...args);
  if (done.status !== 0) throw new Error(done.error);
  return documentsIn(done.out)[0].data.text;
}

// What the templates see: values.yaml and what is said, put together by Helm.
export function mergedValues(...args) {
  const chart = probing("merged", { "shown.yaml": shown("{{ toJson .Values | quote }}") });
  return JSON.parse(textOf(chart, args));
}

// NOTES.txt, which `helm template` does not print.
export function notes(...args) {
  const templates = Object.fromEntries(
    readdirSync(`${CHART}/templates`)
      .filter((name) => name.endsWith(".tpl"))
      .map((name) => [name, read(`${CHART}/templates/${name}`)]),
  );
  const text = `{{- define "shown.notes" -}}\n${read(`${CHART}/templates/NOTES.txt`)}{{- end }}`;
  return textOf(
    probing("notes", {
      ...templates,
      "_shown.tpl": text,
      "shown.yaml": shown('{{ include "shown.notes" . | toJson }}'),
    }),
    args,
  );
}

// Helm and Kubernetes read YAML 1.1, where yes, off and 0444 are not what they are in 1.2: what is
// rendered must be the same in both.
export function documentsIn(text) {
  const [old, current] = ["1.1", "1.2"].map((version) =>
    YAML.parseAllDocuments(text, { version })
      .map((document) => {
        if (document.errors.length) throw new Error(document.errors[0].message);
        return document.toJS();
      })
      .filter((document) => document !== null),
  );
  if (JSON.stringify(old) !== JSON.stringify(current)) throw new Error("YAML 1.1 and 1.2 differ");
  return current;
}

// In the order of their templates, without what is only copied from files: real Helm sorts by kind.
export function canonical(text) {
  return text
    .split(/^---$/m)
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .map((part) =>
      `---\n${part}\n`
        .replace(/(\n {2}querent\.json: \|\n)[^]*/, "$1    (files/querent.json)\n")
        .replace(/(\nkind: PrometheusRule\n[^]*\nspec:\n)[^]*/, "$1  (files/querent.rules.yml)\n"),
    )
    .join("")
    .replace(/[ \t]+$/gm, "");
}

export const schema = JSON.parse(read(`${CHART}/values.schema.json`));
const ajv = new Ajv({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
  allowUnionTypes: true,
  logger: false,
});
const valid = ajv.compile(schema);

// What the schema has against values: [{at, keyword, message}].
export function schemaErrors(values) {
  if (valid(values)) return [];
  return valid.errors.map(({ instancePath, keyword, message, params }) => ({
    at: instancePath,
    keyword,
    message: `${instancePath} ${message} ${JSON.stringify(params)}`,
  }));
}

export function compiled(document) {
  return new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
  }).compile(document);
}

// Is the file what it would be a configuration, with the container's arguments and environment?
export function inForce(toml, args = [], environment = {}) {
  const file = `${SCRATCH}/querent.toml`;
  writeFileSync(file, toml);
  const done = run(PROGRAM, ["check", file, ...args], environment);
  return {
    ...done,
    out: done.out.replaceAll(file, "querent.toml"),
    error: done.error.replaceAll(file, "querent.toml"),
  };
}

export const workloadOf = (documents) =>
  documents.find(({ kind }) => kind === "DaemonSet" || kind === "Deployment");
export const configOf = (documents) =>
  documents.find(({ kind, data }) => kind === "ConfigMap" && data["querent.toml"]).data[
    "querent.toml"
  ];
