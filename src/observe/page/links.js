// The alarms, and a card for each interface with a panel for each of its families.

const HISTORY_SLOTS = 120;
const MIDDLE = 17;

// Bars of one kind as one path: up or down from the middle, or where `top` and `height` say.
function bars(slots, bar) {
  const first = HISTORY_SLOTS - slots.length;
  return slots.map((slot, index) => {
    const found = bar(slot);
    return found ? `M${first + index + 0.1} ${found[0]}h.8v${found[1]}h-.8z` : "";
  }).join("");
}

const tall = (count) => 5 + 2.5 * Math.min(count, 4);

function stateStrip(slots, states) {
  const first = HISTORY_SLOTS - slots.length;
  return slots.map((slot, index) =>
    (states.includes(slot.state) ? `M${first + index} 36h1v4h-1z` : "")).join("");
}

class Timeline {
  constructor() {
    this.paths = {};
    this.picture = svg("svg", { viewBox: "0 0 120 40", preserveAspectRatio: "none", role: "img" });
    for (const minutes of [15, 30, 45]) {
      this.picture.append(svg("path", { class: "grid", d: `M${120 - minutes * 2} 0v40` }));
    }
    for (const kind of ["axis", "ours", "theirs", "listening", "broken", "sent", "heard",
                        "election", "failure"]) {
      this.paths[kind] = svg("path", { class: kind });
      this.picture.append(this.paths[kind]);
    }
    this.text = h("figcaption");
    this.element = h("figure", { class: "history" }, this.picture, h("div",
      { class: "minutes", "aria-hidden": "true" }, h("span", {}, "1 h ago"), h("span", {}, "45"),
      h("span", {}, "30"), h("span", {}, "15 min"), h("span", {}, "now")), this.text);
  }

  update(history) {
    const slots = history.slots.slice(-HISTORY_SLOTS);
    const key = JSON.stringify(slots);
    if (key === this.key) return;
    this.key = key;
    const draw = (kind, d) => this.paths[kind].setAttribute("d", d);
    draw("axis", `M${HISTORY_SLOTS - slots.length} ${MIDDLE}H120`);
    draw("ours", stateStrip(slots, ["querier", "starting"]));
    draw("theirs", stateStrip(slots, ["non_querier"]));
    draw("listening", stateStrip(slots, ["passive"]));
    draw("broken", stateStrip(slots, ["no_address", "down", "missing", "failed"]));
    draw("sent", bars(slots, ({ sent }) => sent > 0 && [MIDDLE, -tall(sent)]));
    draw("heard", bars(slots, ({ heard }) => heard > 0 && [MIDDLE, tall(heard)]));
    draw("election", bars(slots, ({ elections }) => elections > 0 && [0, 34]));
    draw("failure", bars(slots, ({ failures }) => failures > 0 && [0, 6]));
    this.describe(slots, history.slot_s);
  }

  describe(slots, slotSeconds) {
    const sum = (name) => slots.reduce((total, slot) => total + slot[name], 0);
    const minutes = Math.round((slots.length * slotSeconds) / 60);
    const span = minutes >= 60 ? "the last hour" : `the last ${plural(minutes, "minute")}`;
    const counts = `${number(sum("sent"))} sent, ${number(sum("heard"))} heard, ` +
      `${plural(sum("elections"), "election")}, ${plural(sum("failures"), "failure")}`;
    say(this.text, `${counts} in ${span}`);
    const states = [];
    for (const { state } of slots) {
      if (states[states.length - 1] !== inWords(state)) states.push(inWords(state));
    }
    const changes = states.length > 6 ? `${states.length - 1} changes of state, now ` +
      states[states.length - 1] : states.join(", then ");
    mark(this.picture, "aria-label", `Queries in ${span}: ${counts}. State: ${changes || NONE}.`);
  }
}

// From the last query to what comes next, on a scale with a mark each 10 s (60 s on a long one).
class Gauge {
  constructor() {
    this.fill = h("i", { class: "fill" });
    this.scale = h("div", { class: "scale", "aria-hidden": "true" }, this.fill);
    this.before = h("b");
    this.after = h("b");
    this.beforeLabel = h("span", {}, "last query");
    this.afterLabel = h("span");
    this.element = h("div", { class: "gauge" },
      h("p", { class: "before" }, this.beforeLabel, " ", this.before),
      h("p", { class: "after" }, this.afterLabel, " ", this.after), this.scale);
  }

  update(segment) {
    this.asks = segment.next_query_in_s !== null;
    const silence = this.asks ? segment.last_query_ago_s
      : segment.querier?.last_heard_ago_s ?? segment.last_query_ago_s;
    this.ago = silence;
    this.left = this.asks ? segment.next_query_in_s : segment.takeover_in_s;
    say(this.afterLabel, this.asks ? "next query" : this.left === null ? "" : "takeover");
  }

  tick(elapsed, fresh) {
    const ago = this.ago === null ? null : this.ago + elapsed;
    const left = this.left === null ? null : this.left - elapsed;
    const say_ = (element, value, words) =>
      say(element, value === null ? "" : fresh ? words(value) : UNKNOWN);
    if (ago === null) say(this.before, fresh ? "none yet" : UNKNOWN);
    else say_(this.before, ago, (value) => `${duration(value)} ago`);
    say_(this.after, left, (value) => (value > 0 ? `in ${duration(Math.ceil(value))}` : "due now"));
    show(this.scale, left !== null);
    if (left === null) return;
    const total = Math.max(1, (ago ?? 0) + left);
    const part = fresh ? Math.min(1, (ago ?? 0) / total) : 0;
    this.fill.style.transform = `scaleX(${part.toFixed(4)})`;
    this.scale.style.setProperty("--step", `${((total > 150 ? 60 : 10) / total) * 100}%`);
    mark(this.scale, "class", fresh ? "scale" : "scale void");
  }
}

// Terms and values; what is null is left out.
function fillFacts(list, facts) {
  const key = JSON.stringify(facts);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...facts.filter(([, value]) => value !== null)
    .map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, String(value)))));
}

const reasons = (counted) => Object.entries(counted)
  .map(([reason, count]) => `${reason.replaceAll("_", " ")} ${number(count)}`).join(", ") || null;

const unlessZero = (count) => (count ? number(count) : null);

// Whatever else is counted goes by its name.
const SHOWN = new Set(["reports_received", "leaves_received", "elections_won", "elections_lost"]);

function otherCounters(counters) {
  const words = (key) => key.replaceAll("_", " ").replace(/^ssm\b/, "SSM")
    .replace(/^./, (first) => first.toUpperCase());
  return Object.entries(counters)
    .filter(([key, count]) => typeof count === "number" && !SHOWN.has(key))
    .map(([key, count]) => [words(key), unlessZero(count)]);
}

function countersOf(counters) {
  const kinds = (queries) => `${number(queries.general)} general, ${number(queries.group)} group, ` +
    `${number(queries.group_source)} source`;
  const refused = Object.fromEntries(Object.entries(counters.refused).filter(([, n]) => n));
  return [
    ["Queries sent", kinds(counters.queries_sent)],
    ["Queries heard", kinds(counters.queries_received)],
    ["Queries rejected", reasons(counters.queries_rejected)],
    ["Reports", number(counters.reports_received)],
    ["Reports rejected", reasons(counters.reports_rejected)],
    ["Leaves", number(counters.leaves_received)],
    ["Unreadable", reasons(counters.malformed)],
    ["Send errors", reasons(counters.send_errors)],
    ["Elections", `${number(counters.elections_won)} won, ${number(counters.elections_lost)} lost`],
    ["Refused", reasons(refused)],
    ...otherCounters(counters),
  ];
}

class SegmentPanel {
  constructor(name, family, open) {
    this.family = family;
    this.role = h("span", { class: "role" });
    this.since = h("span", { class: "since" });
    this.reason = h("p", { class: "reason" });
    this.who = h("p", { class: "who" });
    this.gauge = new Gauge();
    this.timeline = new Timeline();
    this.facts = h("dl");
    this.counters = h("dl");
    this.details = h("details", open ? { open: "" } : {},
      h("summary", {}, "Details", h("span", { class: "hidden" }, ` of ${name} ${FAMILIES[family]}`)),
      this.facts, h("h5", {}, "Since the start"), this.counters);
    this.alarmed = h("a", { href: "#alarms", class: "alarmed" });
    this.element = h("section", { class: "segment", "aria-label": `${name} ${FAMILIES[family]}` },
      h("h4", {}, h("span", { class: "family" }, FAMILIES[family]), " ", this.role, " ",
        this.alarmed),
      this.reason, this.who, this.gauge.element, this.timeline.element, this.details);
  }

  update(link, segment) {
    this.segment = segment;
    mark(this.element, "data-condition", condition(link, segment));
    mark(this.element, "data-state", segment.state);
    say(this.role, inWords(segment.state));
    const reason = segment.reason || (link.state !== "up" ? link.reason : "");
    say(this.reason, reason);
    show(this.reason, reason !== "");
    show(this.alarmed, segment.alarms.length > 0);
    say(this.alarmed, plural(segment.alarms.length, "alarm"));
    this.updateWho(segment);
    this.gauge.update(segment);
    show(this.gauge.element, segment.last_query_ago_s !== null || segment.next_query_in_s !== null
      || segment.takeover_in_s !== null);
    this.timeline.update(segment.history);
    this.updateCounters(segment);
  }

  updateWho(segment) {
    const { querier, family } = segment;
    const key = JSON.stringify([querier?.address, querier?.mac, querier?.version, querier?.ours]);
    if (key === this.whoKey) return;
    this.whoKey = key;
    mark(this.who, "data-ours", querier ? String(querier.ours) : "nobody");
    if (!querier) {
      this.who.replaceChildren(h("strong", {}, "Nobody asks"));
      return;
    }
    this.who.replaceChildren(h("span", { class: "tag" }, querier.ours ? "this querent" : "another"),
      " ", h("strong", { class: "address" }, querier.address), " ",
      ...(querier.mac ? [h("span", { class: "mac" }, querier.mac), " "] : []),
      h("span", { class: "version" }, protocol(family, querier.version)));
  }

  updateCounters(segment) {
    fillFacts(this.counters, countersOf(segment.counters));
  }

  tick(elapsed, fresh) {
    const { segment } = this;
    this.gauge.tick(elapsed, fresh);
    const past = (seconds) => (fresh ? duration(seconds + elapsed) : UNKNOWN);
    const { querier, last_competitor: competitor } = segment;
    fillFacts(this.facts, [
      ["In this state for", past(segment.in_state_s)],
      ["Elected for", querier ? past(querier.since_s) : null],
      ["We ask from", segment.source],
      ["We ask in", protocol(segment.family, segment.version)],
      ["Query interval", `${segment.query_interval_s} s`],
      ["Time to answer", `${segment.max_response_s} s`],
      ["Last member interval", `${segment.last_member_interval_s} s`],
      ["Robustness", segment.robustness],
      ["Silence until takeover", querier?.timeout_s == null ? null : `${querier.timeout_s} s`],
      ["Last other querier", competitor
        ? `${withMac(competitor)}, heard ${past(competitor.heard_ago_s)}${fresh ? " ago" : ""}` : null],
      ["Groups", number(segment.groups)],
      ["Sources", number(segment.sources)],
      ["Hosts told apart", number(segment.hosts)],
    ]);
  }
}

// A lamp for each segment, so that many interfaces are seen at a glance.
class Tiles {
  constructor() {
    this.element = byId("tiles");
  }

  update(links, cards) {
    show(this.element, links.length > 2);
    const tiles = links.map((link) => ({ name: link.name, segments: link.segments.map((segment) =>
      [segment.family, condition(link, segment), segment.querier ? segment.querier.ours : null]) }));
    const key = JSON.stringify(tiles);
    if (key === this.key || links.length < 3) return;
    this.key = key;
    const focused = this.element.contains(document.activeElement)
      && document.activeElement.getAttribute("href");
    this.element.replaceChildren(...tiles.map(({ name, segments }) => {
      const said = segments.map(([family, found]) => `${FAMILIES[family]} ${IN_WORDS[found]}`);
      const tile = h("a", { href: `#${cards.get(name).element.id}` },
        h("span", { class: "name" }, name), ...segments.map(([, found, ours]) =>
          h("i", { "data-condition": found, "data-ours": String(ours) })),
        h("span", { class: "hidden" }, `: ${listed(said)}`));
      return h("li", {}, tile);
    }));
    if (focused) {
      this.element.querySelector(`[href="${focused}"]`)?.focus({ preventScroll: true });
    }
  }
}

let cardsMade = 0;

class LinkCard {
  constructor(name, open) {
    this.name = name;
    this.open = open;
    this.panels = new Map();
    this.state = h("span", { class: "state" });
    this.body = h("div", { class: "panels" });
    this.element = h("article", { class: "card", id: `card-${cardsMade++}`, tabindex: "-1" },
      h("header", {}, h("h3", {}, name), this.state), this.body);
  }

  update(link) {
    mark(this.element, "data-condition", worst(link));
    say(this.state, link.reason && link.state !== "up" ? `${link.state}: ${link.reason}`
      : link.state);
    for (const [family, panel] of this.panels) {
      if (link.segments.some((segment) => segment.family === family)) continue;
      panel.element.remove();
      this.panels.delete(family);
    }
    for (const segment of link.segments) {
      if (!this.panels.has(segment.family)) {
        const panel = new SegmentPanel(this.name, segment.family, this.open);
        this.panels.set(segment.family, panel);
        this.body.append(panel.element);
      }
      this.panels.get(segment.family).update(link, segment);
    }
  }

  tick(elapsed, fresh) {
    for (const panel of this.panels.values()) panel.tick(elapsed, fresh);
  }
}

class Cards {
  constructor() {
    this.element = byId("cards");
    this.cards = new Map();
    this.tiles = new Tiles();
  }

  // Problems first; else as configured. Cards that stay are not rebuilt, so what is open stays open.
  update(status) {
    const links = status.interfaces;
    const rank = (link) => CONDITIONS.indexOf(worst(link));
    const sorted = [...links].sort((one, other) => rank(one) - rank(other));
    mark(this.element, "data-many", links.length > 2 ? "yes" : "no");
    show(byId("no-links"), links.length === 0);
    show(byId("legend"), links.length > 0);
    for (const [name, card] of this.cards) {
      if (links.some((link) => link.name === name)) continue;
      card.element.remove();
      this.cards.delete(name);
    }
    keepingFocus(() => sorted.forEach((link, place) => {
      const card = this.cards.get(link.name) ?? new LinkCard(link.name, false);
      this.cards.set(link.name, card);
      card.update(link);
      const there = this.element.children[place];
      if (there !== card.element) this.element.insertBefore(card.element, there ?? null);
    }));
    this.tiles.update(links, this.cards);
  }

  tick(elapsed, fresh) {
    for (const card of this.cards.values()) card.tick(elapsed, fresh);
  }
}

class Alarms {
  constructor() {
    this.list = byId("alarm-list");
  }

  update(status) {
    const entries = alarmsOf(status).map((alarm) => ({
      severity: alarm.severity,
      where: `${alarm.interface} ${listed(alarm.families.map((family) => FAMILIES[family]))}`,
      text: alarm.text, advice: alarm.advice, id: alarm.id }));
    for (const text of status.healthy && status.ready ? [] : status.reasons) {
      entries.push({ severity: status.healthy ? "warning" : "error", text, advice: "",
                     where: status.healthy ? "Not ready" : "Not well", id: "health" });
    }
    const key = JSON.stringify(entries);
    if (key === this.key) return;
    this.key = key;
    show(byId("no-alarms"), entries.length === 0);
    this.list.replaceChildren(...entries.map((entry) => h("li",
      { "data-severity": entry.severity, "data-id": entry.id },
      h("p", { class: "what" }, h("span", { class: "tag" }, entry.severity), " ",
        h("span", { class: "where" }, entry.where)),
      h("p", { class: "text" }, entry.text),
      ...(entry.advice ? [h("p", { class: "advice" }, h("b", {}, "What to do: "), entry.advice)]
        : []))));
  }
}
