// Are wrong values refused, and for what is wrong with them? wrong.json has those that the schema
// must refuse (at which place, by which keyword: Helm holds values to it) and those that the
// templates must refuse (with which words).
import { cpSync, rmSync } from "node:fs";
import {
  CHART,
  SCRATCH,
  check,
  finish,
  mergedValues,
  read,
  render,
  schemaErrors,
  written,
} from "./lib.mjs";

const wrongs = JSON.parse(read(new URL("wrong.json", import.meta.url)));
const minimum = { interfaces: ["eth1"] };

// An error above the place, or of what puts others together, follows from the one that is meant.
const follows = (error, at) =>
  error.keyword === "if" || (at.startsWith(error.at) && error.at !== at);

function bySchema({ at, keyword }, file) {
  const errors = schemaErrors(mergedValues("-f", file));
  if (errors.length === 0) return "it is taken";
  if (!errors.some((error) => error.at === at && error.keyword === keyword))
    return errors.map(({ message }) => message);
  return errors
    .filter((error) => !follows(error, at) && !error.at.startsWith(at))
    .map(({ message }) => message);
}

function byTemplates({ says }, file) {
  const broken = schemaErrors(mergedValues("-f", file));
  if (broken.length) return `the schema refuses it before: ${broken[0].message}`;
  const { status, error } = render(CHART, "-f", file);
  if (status === 0) return "it is taken";
  const lines = error
    .split("\n")
    .filter((line) => /^(\w+[\w.[\]]*( \([^)]*\))?|podMonitor and serviceMonitor): /.test(line));
  const missing = says
    .filter((words) => !error.includes(words))
    .map((words) => `not said: ${words}`);
  const more = lines.filter(
    (line) => !line.startsWith("Error: ") && !says.some((words) => line.includes(words)),
  );
  return [
    ...missing,
    ...more.map((line) => `also said: ${line}`),
    ...(missing.length ? [error] : []),
  ];
}

check(
  "the minimum is taken",
  schemaErrors(mergedValues("-f", written(minimum))).map(({ message }) => message),
);
for (const wrong of wrongs) {
  const file = written(wrong.bare ? wrong.values : { ...minimum, ...wrong.values });
  check(`refused: ${wrong.what}`, wrong.says ? byTemplates(wrong, file) : bySchema(wrong, file));
}

// The chart as it is in the sources, where nothing has copied the files yet.
for (const [name, file] of [
  ["prometheusRule", "files/querent.rules.yml"],
  ["dashboard", "files/querent.json"],
]) {
  const chart = `${SCRATCH}/without-files`;
  cpSync(CHART, chart, { recursive: true });
  rmSync(`${chart}/${file}`);
  const needed = render(chart, "-f", written({ ...minimum, [name]: { enabled: true } }));
  const says = `${name}: the chart has no ${file}; run helm/sync-files`;
  check(
    `a chart without ${file}`,
    needed.status !== 0 && needed.error.includes(says) ? "" : `it says: ${needed.error}`,
  );
  const { status, error } = render(chart, "-f", written(minimum));
  check(`it is not needed: ${file}`, status === 0 ? "" : error);
}
finish();
