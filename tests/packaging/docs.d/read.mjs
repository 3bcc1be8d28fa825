// Reads every Markdown file of ROOT: prints what is wrong in them as they stand, FILE:LINE: WHAT, and
// puts what is to be tried into DIRECTORY, in tables with tabs:
//   commands   FILE LINE NAME RUN(run|ask) LONG(long|short) EXIT; NAME.sh is the command, NAME.out
//              what it is to print
//   blocks     FILE LINE LANGUAGE NAME: TOML, JSON and YAML
//   paths      FILE LINE PATH: of querent's HTTP
//   counts     how many were marked, by word
// read.mjs ROOT DIRECTORY HELP, HELP being a folder: the --help of each command by its name, main,
// dev (./dev help), install and uninstall.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse } from "./markdown.mjs";
import { commandsOf, isLong, isRun, programs, toDev, toQuerent } from "./commands.mjs";

const [root, directory, helpFolder] = process.argv.slice(2);

const SHELL = ["", "none", "sh", "bash", "console"];
const DATA = ["toml", "json", "yaml"];
const OTHER = ["nginx", "ini", "promql", "text", "dockerfile", "caddyfile"];
// Flags of others that prose names without their program.
const OF_OTHERS = [
  "--privileged",
  "--network",
  "--cap-add",
  "--build-arg",
  "--cap-drop",
  "--no-healthcheck",
  "--platform",
  "--pids-limit",
  "--security-opt",
  "--read-only",
  "--ulimit",
  "--user",
  "--set",
  "--init",
  "--profile",
];
const NOT_HTTP = /^\/(etc|usr|proc|sys|var|run|dev|tmp|lib|opt|home|boot|querent)(\/|$)/;
const OURS = /^(src|sim|include|tests|docs|docker|grafana|helm|packaging|cmake|bench)\/[\w./*-]*$/;

const help = Object.fromEntries(
  readdirSync(helpFolder).map((name) => [name, readFileSync(join(helpFolder, name), "utf8")]),
);
const flagsIn = (text) => new Set(text.match(/(?<![\w-])--?[a-zA-Z][\w.-]*/g) ?? []);
const flags = Object.fromEntries(Object.entries(help).map(([name, text]) => [name, flagsIn(text)]));
const known = Object.keys(help).filter(
  (name) => !["main", "dev", "install", "uninstall"].includes(name),
);
const anyFlag = new Set(Object.values(flags).flatMap((set) => [...set]));
const variables = new Set(
  Object.values(help)
    .join("\n")
    .match(/QUERENT_[A-Z_]+/g) ?? [],
);
const keys = new Set(
  [...(flags.run ?? [])]
    .filter((flag) => flag.startsWith("--"))
    .map((flag) => flag.slice(2).replace(/-/g, "_")),
);
const verbs = new Set([...help.dev.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, verb]) => verb));
const golden = readFileSync(join(root, "tests/unit/observe/golden/metrics.txt"), "utf8");
const metrics = new Set(
  [...golden.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, type]) =>
    type === "histogram" ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);
// Variables of our own scripts and build: named where they are read.
const elsewhere = [
  "dev",
  "cmake",
  "CMakeLists.txt",
  "tests",
  "docker-compose.yml",
  "docker-compose.lab.yml",
  "packaging",
  "helm",
];

const SKIP = /^(node_modules|build|\.git)$/;
function files(folder, wanted, list = []) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (SKIP.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files(path, wanted, list);
    else if (wanted(path)) list.push(path);
  }
  return list;
}
let ownText = null;
function ownVariable(name) {
  ownText ??= elsewhere
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) =>
      statSync(join(root, path)).isDirectory()
        ? files(path, (file) => !/\.(md|png)$|packaging\/docs/.test(file))
        : [path],
    )
    .map((path) => readFileSync(join(root, path), "utf8"))
    .join("\n");
  return new RegExp(`\\b${name}\\b`).test(ownText);
}

const documents = new Map(
  files("", (path) => path.endsWith(".md"))
    .sort()
    .map((path) => [path, { text: readFileSync(join(root, path), "utf8") }]),
);
for (const document of documents.values()) document.parsed = parse(document.text);

const commands = [];
const blocks = [];
const paths = [];
const counts = {};
let serial = 0;
const fault = (file, line, what) => console.log(`${file}:${line}: ${what}`);
const fresh = () => `${String(++serial).padStart(4, "0")}`;

function data(file, line, language, text) {
  const name = fresh();
  writeFileSync(join(directory, `${name}.${language}`), `${text}\n`);
  blocks.push([file, line, language, name]);
}

// ---- what a line says must exist

function checkWords(file, line, text) {
  for (const { command, flags: said, word } of toQuerent(text, known)) {
    if (word) fault(file, line, `querent has no command ${word}`);
    const has = command ? flags[command] : new Set([...flags.main, ...flags.run]);
    for (const flag of said)
      if (!has.has(flag)) fault(file, line, `querent ${command ?? "run"} has no ${flag}`);
  }
  for (const { verb, flags: said } of toDev(text)) {
    if (verb && !verbs.has(verb)) fault(file, line, `./dev has no ${verb}`);
    for (const flag of said) {
      if (
        !(verb === "run" ? flags.run : flags.dev).has(flag) &&
        !(verb === "bench" && flag.startsWith("--benchmark_"))
      ) {
        fault(file, line, `./dev ${verb} has no ${flag}`);
      }
    }
  }
}

function checkMark(file, { mark, what, lines }) {
  counts[mark.word] = (counts[mark.word] ?? 0) + 1;
  const called = lines.flatMap((text) => programs(text));
  if (mark.word === "elsewhere") {
    const path = join(root, mark.rest);
    if (!existsSync(path))
      return fault(file, mark.line, `docs-test: elsewhere: there is no ${mark.rest}`);
    const said = statSync(path).isDirectory() ? "" : readFileSync(path, "utf8");
    const missing = called.filter(
      (program) => program !== "querent" && !said.includes(program.replace(/^.*\//, "")),
    );
    if (said && missing.length)
      fault(file, mark.line, `docs-test: ${mark.rest} never calls ${missing[0]}`);
  } else if (mark.word === "exit") {
    if (!/^[1-9]\d* \S/.test(mark.rest)) fault(file, mark.line, "docs-test: exit STATUS WHY");
    return undefined;
  } else if (mark.word === "text") {
    if (
      called.some((program) =>
        /^(querent|\.\/|sudo|docker|helm|curl|ip|systemctl|apt)/.test(program ?? ""),
      )
    ) {
      fault(file, mark.line, `docs-test: text: but it calls ${called[0]}`);
    }
    return undefined;
  }
  const easy =
    called.every((program) => ["querent", "jq"].includes(program)) &&
    lines.every((text) => !isRun(text) && !/\b[A-Z]{2,}\b/.test(text));
  if (easy) fault(file, mark.line, `docs-test: ${mark.word}: not needed, ${what} can be run`);
  return undefined;
}

// Words in capitals stand for something.
const isPattern = (text) =>
  /\b[A-Z]{2,}\b|\.\.\.|…|\[/.test(text.replace(/'[^']*'|"[^"]*"|QUERENT_\w+|\[[0-9a-f:]+\]/g, ""));

function add(file, line, command, output, exit) {
  const name = fresh();
  writeFileSync(join(directory, `${name}.sh`), `${command}\n`);
  if (output.length) writeFileSync(join(directory, `${name}.out`), `${output.join("\n")}\n`);
  commands.push([
    file,
    line,
    name,
    isRun(command) ? "run" : "ask",
    isLong(command) ? "long" : "short",
    exit,
  ]);
}

function readBlock(file, block, all) {
  const { language, mark } = block;
  if (OTHER.includes(language)) {
    if (mark) fault(file, mark.line, `docs-test: not needed: ${language} is not run`);
  } else if (DATA.includes(language)) {
    if (mark) fault(file, mark.line, `docs-test: not needed: ${language} is not run`);
    data(file, block.line, language, block.lines.join("\n"));
  } else if (!SHELL.includes(language)) {
    fault(file, block.line, `a block of ${language}, which nothing checks`);
  } else {
    // What begins with a brace is JSON with remarks.
    if (!mark && ["", "none"].includes(language) && (all || /^\{/.test(block.lines[0] ?? "")))
      return;
    const found = commandsOf(block);
    if (mark)
      checkMark(file, { mark, what: "the block", lines: found.map(({ command }) => command) });
    if (mark?.word === "text") return;
    for (const { line, command, output } of found) {
      checkWords(file, line, command);
      if (mark && mark.word !== "exit") continue;
      if (toDev(command).length) continue;
      add(file, line, command, output, mark ? mark.rest.split(" ")[0] : 0);
    }
  }
}

function readSpan(file, span) {
  const { line, mark } = span;
  // --mld-version 1|2|off: one of them.
  const text = span.text.replace(/(\s\w+)(\|\w+)+/g, "$1");
  if (/^(sudo )?querent( |$)/.test(text) || text.startsWith("./dev ")) {
    checkWords(file, line, text);
    if (mark) checkMark(file, { mark, what: "it", lines: [text] });
    const words = text.replace(/^sudo /, "").split(/\s+/);
    const name = words.length <= 2 && !words[1]?.startsWith("-");
    if (name || text.startsWith("./dev") || isPattern(text) || (mark && mark.word !== "exit"))
      return;
    add(file, line, text, [], mark ? mark.rest.split(" ")[0] : 0);
    return;
  }
  if (mark) fault(file, mark.line, "docs-test: not needed, nothing runs it");
  if (/^--?[a-z]/.test(text)) {
    // One dash is Go's, and a letter anybody's.
    for (const flag of flagsIn(text)) {
      if (flag.startsWith("--") && !anyFlag.has(flag) && !OF_OTHERS.includes(flag))
        fault(file, line, `nothing has the flag ${flag}`);
    }
  } else if (/^[a-z_.]+ = \S/.test(text)) {
    const [, section, key, value] = /^(?:([a-z]+)\.)?([a-z_]+) = (.*)$/.exec(text) ?? [];
    if (!key) fault(file, line, `what is ${text}?`);
    else data(file, line, "toml", `[${section ?? "querier"}]\n${key} = ${value}`);
  } else if (/^(web|log|interface)\.[a-z_]+$/.test(text)) {
    if (!keys.has(text) && text !== "interface.name") fault(file, line, `no setting ${text}`);
  } else if (/^\/[\w/.?=&-]*$/.test(text) && !NOT_HTTP.test(text) && !text.includes("...")) {
    paths.push([file, line, text.replace(/\?.*/, "")]);
  } else if (OURS.test(text) && !text.includes("*")) {
    if (!existsSync(join(root, text))) fault(file, line, `there is no ${text}`);
  }
}

function readNames(file, text) {
  text.split("\n").forEach((content, index) => {
    for (const [name] of content.matchAll(/\bQUERENT_[A-Z_]+\b/g)) {
      if (!variables.has(name) && !ownVariable(name)) fault(file, index + 1, `no variable ${name}`);
    }
    for (const [name] of content.matchAll(/\bquerent_[a-z_]+\b/g)) {
      if (!metrics.has(name)) fault(file, index + 1, `no metric ${name}`);
    }
    for (const [, path] of content.matchAll(/https?:\/\/[\w.-]+:9224(\/[\w/.-]*)?/g)) {
      if (path) paths.push([file, index + 1, path.replace(/[.,]$/, "")]);
    }
  });
}

function readLinks(file, { links }) {
  for (const { line, target } of links) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split("#");
    const full = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
    if (full.startsWith("..") || !existsSync(join(root, full)))
      fault(file, line, `a dead link: ${target}`);
    else if (anchor && !documents.get(full)?.parsed.anchors.has(anchor))
      fault(file, line, `no such heading: ${target}`);
  }
}

for (const [file, { text, parsed }] of documents) {
  for (const { line, what } of parsed.faults) fault(file, line, what);
  readLinks(file, parsed);
  if (file === "CHANGELOG.md") continue; // what was true of older versions
  readNames(file, text);
  if (parsed.all && !parsed.all.rest.startsWith("text "))
    fault(file, parsed.all.line, "docs-test: all text WHY");
  for (const block of parsed.blocks) readBlock(file, block, parsed.all);
  for (const span of parsed.spans) readSpan(file, span);
}

const table = (rows) => rows.map((row) => `${row.join("\t")}\n`).join("");
writeFileSync(join(directory, "commands"), table(commands));
writeFileSync(join(directory, "blocks"), table(blocks));
writeFileSync(join(directory, "paths"), table(paths));
writeFileSync(join(directory, "counts"), table(Object.entries(counts)));
