// What a line of shell says to querent and to ./dev, and how it can be tried.

// The commands of a block, one logical line each: {line, command, output}. In a console, "$ " and
// "# " begin one, and what follows is what it prints.
export function commandsOf(block) {
  const commands = [];
  const isConsole = block.language === "console";
  let current = null;
  let heredoc = null;
  block.lines.forEach((text, index) => {
    const line = block.line + index + (block.language === "" ? 0 : 1);
    if (heredoc !== null) {
      current.command += `\n${text}`;
      if (text.trim() === heredoc) heredoc = null;
      return;
    }
    const continues = current && /\\$/.test(current.command);
    if (continues) {
      current.command += `\n${text}`;
    } else if (isConsole && !/^[$#] /.test(text)) {
      current?.output.push(text);
      return;
    } else {
      const command = isConsole ? text.slice(2) : text;
      if (command.trim() === "" || command.trim().startsWith("#")) return;
      current = { line, command, output: [] };
      commands.push(current);
    }
    heredoc = /<<-?\s*['"]?(\w+)['"]?/.exec(text)?.[1] ?? null;
  });
  return commands;
}

// Words of a line by stages: [[word...]...], one for each program of a pipe or list. Quoted words are
// one, without quotes; a word that was quoted is never a flag.
function stages(command) {
  const result = [[]];
  const flat = command.replace(/\\\n/g, " ");
  for (const match of flat.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|(\|\||&&|[|;&\n])|(#.*)|((?:[^\s'"|;&\\]|\\.)+)/g,
  )) {
    const [, single, double, separator, comment, plain] = match;
    const glued = match.index > 0 && !/[\s|;&]/.test(flat[match.index - 1]);
    if (comment !== undefined && !glued) continue;
    if (separator !== undefined) result.push([]);
    else if (glued && result.at(-1).length)
      result.at(-1).push({ text: single ?? double ?? plain ?? comment, flag: false });
    else {
      const text = single ?? double ?? plain;
      result.at(-1).push({ text, flag: plain !== undefined });
    }
  }
  return result.filter((words) => words.length);
}

const isProgram = (word) => /^(.*\/)?querent(:[\w.-]+)?$/.test(word);

// What is behind these is a name, of a container, an image, a unit or a release; and these call no
// programs.
const TAKE_A_NAME = new Set(
  "-t -u -n --name --unit install build logs status restart start stop enable reload".split(" "),
);
const NO_CALLERS = new Set(
  "helm kubectl systemctl journalctl apt apt-get dpkg man ls cp install git cd pidof kill".split(" "),
);

// What is said to querent: [{command, flags}], wherever it is called: alone, by sudo, in a container.
export function toQuerent(line, known) {
  const calls = [];
  for (const words of stages(line)) {
    let last = -1;
    words.forEach(({ text }, index) => {
      if (isProgram(text) && !TAKE_A_NAME.has(words[index - 1]?.text)) last = index;
    });
    const first = words.map(({ text }) => text).find((text) => text !== "sudo");
    if (last < 0 || (last > 0 && NO_CALLERS.has(first))) continue;
    const rest = words.slice(last + 1);
    const command = known.includes(rest[0]?.text) ? rest.shift().text : null;
    const stop = rest.findIndex(({ text }) => text === "--");
    const flags = (stop < 0 ? rest : rest.slice(0, stop))
      .filter(({ text, flag }) => flag && /^-{1,2}[a-z]/i.test(text))
      .map(({ text }) => text.replace(/=.*/s, ""));
    const word = command === null && rest[0] && /^[a-z]+$/.test(rest[0].text) ? rest[0].text : null;
    calls.push({ command, flags, word, words: rest.map(({ text }) => text) });
  }
  return calls;
}

// What is said to ./dev: [{verb, flags}].
export function toDev(line) {
  return stages(line)
    .filter((words) => words[0].text === "./dev")
    .map((words) => ({
      verb: words[1]?.text ?? null,
      flags: words
        .slice(2)
        .filter(({ text, flag }) => flag && /^-{1,2}[a-z]/i.test(text))
        .map(({ text }) => text.replace(/=.*/s, "")),
    }));
}

export const programs = (line) =>
  stages(line).map((words) =>
    words.map(({ text }) => text).find((text) => text !== "sudo" && !/^[A-Z_]+=/.test(text)),
  );

// May go on for ever; is tried for a short time.
const LONG = [
  /\bquerent (run|watch|send|join|lab)\b/,
  /\bquerent (-i|-c|--interface|--config)\b/,
  /\bquerent events .*(-f|--follow)\b/,
  /\bquerent \w+.* --watch\b/,
  /\bquerent inject .*(--count|-n) 0\b/,
  /^\s*(sudo )?prometheus /,
];
export const isLong = (line) => LONG.some((pattern) => pattern.test(line));

// Becomes a querier itself, so it is tried on a host where none runs.
export const isRun = (line) => /\bquerent (run\b|-i\b|-c\b|--interface\b|--config\b)/.test(line);
