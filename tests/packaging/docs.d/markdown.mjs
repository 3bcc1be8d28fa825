// What a Markdown file holds: parse(text) gives {blocks, spans, links, anchors, faults}. Of Markdown
// no more than our documents use.
//   block {line, language, lines, mark}   fenced, or indented by four (language "")
//   span  {line, text, mark}              between backquotes, outside of blocks
//   link  {line, target}
//   fault {line, what}
// A mark, `<!-- docs-test: WORD REST -->`, belongs to the block below it, or to the span before it.

const MARK = /<!-- docs-test: ([a-z]+)(?: (.*?))? -->/;
const WORDS = ["all", "text", "elsewhere", "hardware", "machine", "outside", "exit"];

// As GitHub makes anchors of headings.
const slug = (heading) =>
  heading
    .replace(/<!--.*?-->/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replace(/ /g, "-");

export function parse(text) {
  const found = { blocks: [], spans: [], links: [], anchors: new Set(), faults: [], all: null };
  const fault = (line, what) => found.faults.push({ line, what });
  const lines = text.split("\n");
  let pending = null; // a mark that waits for its block
  let paragraph = []; // lines of prose: a span may go over the end of a line
  let paragraphStart = 0;

  const mark = (match, line) => {
    if (!WORDS.includes(match[1]))
      fault(line, `docs-test: ${match[1]}: one of ${WORDS.join(", ")}`);
    if (!match[2]) fault(line, `docs-test: ${match[1]}: and why?`);
    return { word: match[1], rest: match[2] ?? "", line };
  };
  const block = (line, language, content) => {
    while (content.length && content.at(-1).trim() === "") content.pop();
    found.blocks.push({ line, language, lines: content, mark: pending });
    pending = null;
  };
  const prose = () => {
    if (pending && paragraph.length) fault(pending.line, "docs-test: no block follows it");
    if (paragraph.length) pending = null;
    readProse(paragraph.join("\n"), paragraphStart, found, mark);
    paragraph = [];
  };

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    const fence = /^( {0,3}|\s*)(`{3,}|~{3,})\s*([\w-]*)\s*$/.exec(line);
    if (fence) {
      prose();
      const start = at + 1;
      const content = [];
      for (at++; at < lines.length && lines[at].trim() !== fence[2]; at++) {
        content.push(lines[at].startsWith(fence[1]) ? lines[at].slice(fence[1].length) : lines[at]);
      }
      if (at === lines.length) fault(start, "a fence that does not end");
      block(start, fence[3] || "none", content);
    } else if (/^\s*<!-- docs-test: .*-->\s*$/.test(line)) {
      prose();
      const match = MARK.exec(line);
      if (!match) fault(at + 1, "docs-test: not understood");
      else if (match[1] === "all") found.all = mark(match, at + 1);
      else pending = mark(match, at + 1);
    } else if (/^(?: {4}| {6})\S/.test(line) && paragraph.length === 0) {
      const start = at + 1;
      const content = [];
      const indent = /^ */.exec(line)[0]; // six within a list
      for (; at < lines.length && (lines[at].startsWith(indent) || lines[at].trim() === ""); at++) {
        content.push(lines[at].slice(indent.length));
      }
      at--;
      block(start, "", content);
    } else if (line.trim() === "") {
      prose();
    } else {
      const heading = /^#{1,6} +(.*?)\s*$/.exec(line);
      if (heading) {
        prose();
        let name = slug(heading[1]);
        for (let n = 1; found.anchors.has(name); n++) name = `${slug(heading[1])}-${n}`;
        found.anchors.add(name);
      }
      for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]*)"/g)) found.anchors.add(id);
      if (paragraph.length === 0) paragraphStart = at + 1;
      paragraph.push(line);
      if (heading) prose();
    }
  }
  prose();
  if (pending) fault(pending.line, "docs-test: no block follows it");
  return found;
}

function readProse(text, start, found, mark) {
  const lineOf = (index) => start + text.slice(0, index).split("\n").length - 1;
  const spanless = text.replace(
    /(`+)([\s\S]*?[^`])\1(?!`)(<!-- docs-test: .*? -->)?/g,
    (whole, ticks, inside, comment, index) => {
      const line = lineOf(index);
      const match = comment && MARK.exec(comment);
      // In a table, | is written \|.
      const content = inside
        .trim()
        .replace(/\\\|/g, "|")
        .replace(/\s*\n\s*/g, " ");
      found.spans.push({ line, text: content, mark: match ? mark(match, line) : null });
      return " ".repeat(whole.length).replace(/ /g, (c, at) => (whole[at] === "\n" ? "\n" : c));
    },
  );
  for (const found_ of spanless.matchAll(/docs-test:/g)) {
    found.faults.push({
      line: lineOf(found_.index),
      what: "docs-test: follows no span, precedes no block",
    });
  }
  for (const link of spanless.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)) {
    found.links.push({ line: lineOf(link.index), target: link[1] });
  }
  for (const link of spanless.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)) {
    found.links.push({ line: lineOf(link.index), target: link[1] });
  }
  for (const link of spanless.matchAll(/<(?:a|img)\s[^>]*(?:href|src)="([^"]*)"/g)) {
    found.links.push({ line: lineOf(link.index), target: link[1] });
  }
}
