// Does the chart's README.md say what there is? readme.mjs [--update] (which writes its tables).
import { writeFileSync } from "node:fs";
import YAML from "yaml";
import { rows, settingRows } from "./described.mjs";
import {
  CHART,
  check,
  documentsIn,
  finish,
  inForce,
  mergedValues,
  read,
  render,
  schema,
  schemaErrors,
  written,
} from "./lib.mjs";

const file = `${CHART}/README.md`;
const isRow = (line) => line.startsWith("| `");
const headings = ["value", "setting"].map((word) => `| ${word} | default | |\n|---|---|---|\n`);

// The rows right below a heading, and what is around them.
function table(text, heading) {
  const at = text.indexOf(heading) + heading.length;
  if (at < heading.length) throw new Error(`README.md has no ${heading}`);
  const lines = text.slice(at).split("\n");
  const end = lines.findIndex((line) => !isRow(line));
  return { before: text.slice(0, at), rows: lines.slice(0, end), after: lines.slice(end) };
}

if (process.argv[2] === "--update") {
  const updated = headings.reduce((text, heading, index) => {
    const { before, after } = table(text, heading);
    return before + [...(index === 0 ? rows() : settingRows()), ...after].join("\n");
  }, read(file));
  writeFileSync(file, updated);
}

function differences(said, wanted) {
  const missing = wanted
    .filter((row) => !said.includes(row))
    .map((row) => `not in README.md: ${row}`);
  const extra = said.filter((row) => !wanted.includes(row)).map((row) => `README.md has ${row}`);
  const moved = missing.length + extra.length === 0 && String(said) !== String(wanted);
  return [...missing, ...extra, ...(moved ? ["another order than values.yaml's schema"] : [])];
}

const said = headings.map((heading) => table(read(file), heading).rows);
check("every value is in README.md", differences(said[0], rows()));
check("every setting is in README.md", differences(said[1], settingRows()));
check(
  "every value has words",
  [...rows(), ...settingRows()].filter((row) => /\| \?? \|$/.test(row)),
);

// values.yaml lets a reader see every value, too, in the order of the schema's.
const inFile = Object.keys(YAML.parse(read(`${CHART}/values.yaml`), { version: "1.1" }));
const inSchema = Object.keys(schema.properties).filter((key) => key !== "global");
check(
  "values.yaml is in the order of the schema",
  String(inFile) === String(inSchema) ? "" : `${inFile}\n${inSchema}`,
);
check(
  "the defaults hold",
  schemaErrors(mergedValues()).map(({ message }) => message),
);

// What README.md shows as YAML, and is values.
const blocks = [...read(file).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
  .map(([, block]) => block)
  .filter((block) => /^(interfaces|config|nodeSelector):/.test(block));
check("README.md has examples", blocks.length >= 2 ? "" : `${blocks.length}`);
for (const [index, block] of blocks.entries()) {
  const values = written(YAML.parse(block, { version: "1.1" }));
  const rendered = render(CHART, "-f", values);
  const wrong = schemaErrors(mergedValues("-f", values)).map(({ message }) => message);
  if (rendered.status !== 0) wrong.push(rendered.error);
  else {
    const config = documentsIn(rendered.out).find(({ data }) => data?.["querent.toml"]).data[
      "querent.toml"
    ];
    if (inForce(config).status !== 0) wrong.push(inForce(config).error);
  }
  check(`example ${index + 1} of README.md`, wrong);
}
finish();
