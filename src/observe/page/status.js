// Asks the daemon, counts on between its answers, and says so when there are none.

const STATUS_EVERY = 2000;
const GROUPS_EVERY = 5000;
const REFUSED_EVERY = 10000;  // a browser may ask for the password each time
const ANSWER_WITHIN = 5000;
const BELIEVED_FOR = 6000;
const TICK = 500;
const PAGES_AT_MOST = 1000;

const SIGNS = {
  safe: "M12 25l8 8 16-18",
  warning: "M24 12v16M24 34v3",
  danger: "M14 14l20 20M34 14L14 34",
  unknown: "M17 18c1-10 15-9 14 1-.5 5-7 5-7 11M24 36v2",
};
const COLOURS = { safe: "1f7a4a", warning: "b07500", danger: "c0281f", unknown: "777777" };

// What went wrong with a question, in words.
class Trouble extends Error {
  constructor(words, refused = false) {
    super(words);
    this.refused = refused;
  }
}

class Left extends Error {}

const leaving = { controller: new AbortController() };

// A user and password in the page's own address would make fetch refuse it: so not by base URL.
function address(path) {
  return new URL(path, location.origin + location.pathname).href;
}

async function troubleOf(answer) {
  const said = await answer.json().then(({ error }) => error, () => null);
  const why = typeof said === "string" && said ? `: ${said}` : "";
  if (answer.status === 401) {
    return new Trouble("It wants a user name and a password (401): reload this page to enter them.",
                       true);
  }
  if (answer.status === 503) {
    return new Trouble(`The process is there, but its loop does not answer (503)${why}.`);
  }
  return new Trouble(`It refused with HTTP ${answer.status}${why}.`);
}

async function ask(path) {
  const gone = leaving.controller.signal;
  const controller = new AbortController();
  const abort = () => controller.abort();
  gone.addEventListener("abort", abort);
  const timer = setTimeout(abort, ANSWER_WITHIN);
  try {
    const answer = await fetch(address(path), { cache: "no-store", signal: controller.signal });
    if (!answer.ok) throw await troubleOf(answer);
    return await answer.json();
  } catch (error) {
    if (gone.aborted) throw new Left();
    if (error instanceof Trouble) throw error;
    if (controller.signal.aborted) throw new Trouble("No answer within 5 s.");
    if (error instanceof SyntaxError) throw new Trouble("What it answered cannot be understood.");
    throw new Trouble("It cannot be reached.");
  } finally {
    clearTimeout(timer);
    gone.removeEventListener("abort", abort);
  }
}

function wordsOf(error) {
  return error instanceof Trouble ? error.message
    : `This page does not understand what it answered (${error.message}).`;
}

// The last good answer to one question, and whether it may still be believed.
class Answer {
  constructor() {
    this.value = null;
    this.trouble = null;
  }

  take(value) {
    this.value = value;
    this.at = performance.now();
    this.wall = Date.now();
    this.trouble = null;
  }

  elapsed() { return (performance.now() - this.at) / 1000; }

  // By both clocks: one of them stands still while the machine sleeps.
  fresh(within) {
    return this.value !== null && !this.trouble && performance.now() - this.at < within
      && Date.now() - this.wall < within;
  }
}

const page = {
  opened: new Date(),
  status: new Answer(),
  groups: new Answer(),
  cards: new Cards(),
  alarms: new Alarms(),
  table: new Groups(),
  events: new Events(),
};

const statusFresh = () => page.status.fresh(BELIEVED_FOR);
const groupsFresh = () => statusFresh() && page.groups.fresh(GROUPS_EVERY + BELIEVED_FOR);

function setLevel(level, short) {
  if (document.body.dataset.level === level && document.title.startsWith(short)) return;
  document.body.dataset.level = level;
  document.title = `${short} - querent`;
  mark(byId("sign"), "d", SIGNS[level]);
  byId("icon").href = "data:image/svg+xml," + encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="23" ` +
    `fill="#${COLOURS[level]}"/><path d="${SIGNS[level]}" fill="none" stroke="#fff" ` +
    `stroke-width="5" stroke-linecap="round"/></svg>`);
}

function readout(id, value, one, many, level) {
  const item = byId(id);
  say(item.querySelector("b"), value === null ? "-" : number(value));
  say(item.querySelector("span"), value === 1 ? one : many);
  mark(item, "data-level", level);
}

function showReadouts() {
  const status = page.status.value;
  const segments = status.interfaces.flatMap((link) =>
    link.segments.map((segment) => condition(link, segment)));
  const alarms = alarmsOf(status);
  const errors = alarms.some((alarm) => alarm.severity === "error");
  const guarded = segments.filter((found) => found !== "unguarded").length;
  readout("count-alarms", alarms.length, "alarm", "alarms",
          errors ? "danger" : alarms.length ? "warning" : "safe");
  const of = byId("count-segments");
  readout("count-segments", guarded, "segment guarded", "segments guarded",
          guarded < segments.length || !guarded ? "danger" : "safe");
  say(of.querySelector("b"), `${guarded}/${segments.length}`);
  say(of.querySelector("span"), segments.length === 1 ? "segment guarded" : "segments guarded");
  const groups = status.interfaces.reduce((sum, link) =>
    sum + link.segments.reduce((inner, segment) => inner + segment.groups, 0), 0);
  readout("count-groups", groups, "group", "groups", "safe");
}

function showVerdict() {
  const { status } = page;
  const fresh = statusFresh();
  document.body.dataset.stale = String(!fresh && Boolean(status.value || status.trouble));
  show(byId("stale"), !fresh && Boolean(status.value || status.trouble));
  if (fresh) {
    const verdict = verdictOf(status.value);
    setLevel(verdict.level, verdict.short);
    say(byId("headline"), verdict.headline);
    say(byId("guard"), verdict.guard);
    return;
  }
  if (!status.value && !status.trouble) return;
  setLevel("unknown", "Stale");
  const trouble = status.trouble ?? "Asking again.";
  if (!status.value) {
    say(byId("stale"), `No answer since this page was opened at ${clock(page.opened)}.`);
    say(byId("headline"), "Not known: querent does not answer.");
    say(byId("guard"), trouble);
    return;
  }
  say(byId("stale"), `Stale: no answer since ${clock(new Date(status.wall))}.`);
  say(byId("headline"), "Not known any more: querent does not answer.");
  const before = verdictOf(status.value);
  say(byId("guard"), `${trouble} What it said last: ${before.headline} ${before.guard}`);
}

function showAbout() {
  const status = page.status.value;
  if (!status) return;
  const up = statusFresh() ? `, up for ${duration(status.uptime_s + page.status.elapsed())}` : "";
  say(byId("about"), `${status.version} (${status.commit.slice(0, 7)})${up}`);
}

function tick() {
  showVerdict();
  showAbout();
  const fresh = statusFresh();
  if (page.status.value) page.cards.tick(page.status.elapsed(), fresh);
  if (!page.groups.value) return;
  page.table.tick(page.groups.elapsed(), groupsFresh());
  const troubled = fresh && !groupsFresh();
  show(byId("groups-stale"), troubled);
  say(byId("groups-stale"), troubled ? `Stale: this table is that of ${
    clock(new Date(page.groups.wall))}. ${page.groups.trouble ?? ""}` : "");
}

async function pollEvents() {
  const answer = await ask(`api/v1/events?since=${page.events.last}`);
  if (!page.events.update(answer)) page.events.update(await ask("api/v1/events?since=0"));
}

async function pollStatus() {
  try {
    const status = await ask("api/v1/status");
    stateWords = status.state_words ?? {};
    page.status.take(status);
    page.cards.update(status);
    page.alarms.update(status);
    page.table.note(status);
    showReadouts();
  } catch (error) {
    if (error instanceof Left) throw error;
    page.status.trouble = wordsOf(error);
    tick();
    return error.refused ? REFUSED_EVERY : STATUS_EVERY;
  }
  tick();
  try {
    await pollEvents();
  } catch (error) {
    if (error instanceof Left) throw error;  // else the next poll of the status tells
  }
  return STATUS_EVERY;
}

async function pollGroups() {
  if (!statusFresh()) return 500;
  try {
    const groups = [];
    let after = null;
    for (let pages = 0; pages < PAGES_AT_MOST; ++pages) {
      const answer = await ask("api/v1/groups" +
        (after === null ? "" : `?after=${encodeURIComponent(after)}`));
      groups.push(...answer.groups);
      if (answer.after === null || answer.after === after) break;
      after = answer.after;
    }
    page.groups.take(groups);
    page.table.update(groups, page.status.value);
    tick();
    page.table.render();
  } catch (error) {
    if (error instanceof Left) throw error;
    page.groups.trouble = wordsOf(error);
    tick();
  }
  return GROUPS_EVERY;
}

// Asks at once and then again and again, until the page is hidden.
async function repeat(poll) {
  const { signal } = leaving.controller;
  while (!signal.aborted) {
    const started = performance.now();
    let every;
    try {
      every = await poll();
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      return;
    }
    if (signal.aborted) return;
    const wait = Math.max(100, every - (performance.now() - started));
    await new Promise((resolve) => {
      const timer = setTimeout(done, wait);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
    });
  }
}

function begin() {
  leaving.controller = new AbortController();
  leaving.ticking = setInterval(tick, TICK);
  tick();
  repeat(pollStatus);
  repeat(pollGroups);
}

function pause() {
  leaving.controller.abort();
  clearInterval(leaving.ticking);
}

document.addEventListener("visibilitychange", () => {
  pause();
  if (!document.hidden) begin();
});
setLevel("unknown", "Asking");
if (!document.hidden) begin();
