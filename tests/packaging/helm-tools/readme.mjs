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
const heading = "|---|---|---|\n";
const [before, first, second] = read(file).split(heading);
const isRow = (line) => line.startsWith("| `");
const rowsOf = (part) => part.split("\n").filter(isRow);

if (process.argv[2] === "--update") {
  const rest = (part) =>
    part
      .split("\n")
      .filter((line) => !isRow(line))
      .join("\n");
  writeFileSync(
    file,
    [
      before,
      `${rows().join("\n")}\n${rest(first)}`,
      `${settingRows().join("\n")}\n${rest(second)}`,
    ].join(heading),
  );
}

function differences(said, wanted) {
  const missing = wanted
    .filter((row) => !said.includes(row))
    .map((row) => `not in README.md: ${row}`);
  const extra = said.filter((row) => !wanted.includes(row)).map((row) => `README.md has ${row}`);
  const moved = missing.length + extra.length === 0 && String(said) !== String(wanted);
  return [...missing, ...extra, ...(moved ? ["another order than values.yaml's schema"] : [])];
}

const now = read(file).split(heading);
check("every value is in README.md", differences(rowsOf(now[1]), rows()));
check("every setting is in README.md", differences(rowsOf(now[2]), settingRows()));
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

// What README.md shows between other lines, four blanks to the right, and is values.
const blocks = [...before.matchAll(/(?<=\n\n)(?: {4}.*\n|\n(?= {4}))+/g)]
  .map(([block]) => block.replace(/^ {4}/gm, ""))
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
