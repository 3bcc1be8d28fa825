"use strict";

// How the page spells things. Nothing here asks the network or knows where on the page it ends up.

const FAMILIES = { ipv4: "IPv4", ipv6: "IPv6" };
const UNKNOWN = "unknown";
const NONE = "\u2013";

// What the states are called: as querent says, which has the table.
let stateWords = {};

function inWords(state) {
  return stateWords[state] ?? state;
}

// Text from outside becomes text, never markup: children that are strings are text nodes.
function h(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Only what differs is written: a live region does not repeat itself, a selection survives.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

function mark(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// What is moved loses the focus: here it gets it back.
function keepingFocus(change) {
  const focused = document.activeElement;
  change();
  if (focused !== document.activeElement && focused?.isConnected) {
    focused.focus({ preventScroll: true });
  }
}

const byId = (id) => document.getElementById(id);

function protocol(family, version) {
  return (family === "ipv6" ? "MLDv" : "IGMPv") + version;
}

function number(value) {
  return Number(value).toLocaleString("en-GB");
}

function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many ?? one + "s"}`;
}

// 41 s, 3 min 05 s, 3 h 12 min, 2 d 3 h
function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor(whole / 3600) % 24} h`;
}

function clock(date) {
  return date.toLocaleTimeString("en-GB", { hour12: false });
}

function dayAndClock(date) {
  const day = date.toLocaleDateString("en-CA");
  return day === new Date().toLocaleDateString("en-CA") ? clock(date) : `${day} ${clock(date)}`;
}

// a; a and b; a, b and c
function listed(words) {
  return words.length < 2 ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

function withMac(host) {
  return host.mac ? `${host.address} (${host.mac})` : host.address;
}

// The worst thing about a segment: unguarded, risk, warning or safe.
function condition(link, segment) {
  const alarms = segment.alarms;
  if (link.state !== "up" || !segment.querier) return "unguarded";
  if (alarms.some((alarm) => alarm.severity === "error")) return "risk";
  return alarms.length ? "warning" : "safe";
}

const IN_WORDS = { unguarded: "not guarded", risk: "at risk", warning: "guarded, with a warning",
                   safe: "guarded" };
const CONDITIONS = ["unguarded", "risk", "warning", "safe"];

function worst(link) {
  if (!link.segments.length) return link.state === "up" ? "safe" : "unguarded";
  const found = link.segments.map((segment) => CONDITIONS.indexOf(condition(link, segment)));
  return CONDITIONS[Math.min(...found)];
}

// One entry for what is said of both families of an interface in the same words.
function alarmsOf(status) {
  const found = new Map();
  for (const link of status.interfaces) {
    for (const segment of link.segments) {
      for (const alarm of segment.alarms) {
        const key = JSON.stringify([link.name, alarm.id, alarm.text]);
        const known = found.get(key);
        if (known) known.families.push(segment.family);
        else found.set(key, { ...alarm, interface: link.name, families: [segment.family] });
      }
    }
  }
  const rank = (alarm) => (alarm.severity === "error" ? 0 : 1);
  return [...found.values()].sort((one, other) => rank(one) - rank(other));
}

// Where: "eth3 (IPv4) and eth7", or "5 of 20 interfaces".
function places(status, wanted) {
  const found = [];
  for (const link of status.interfaces) {
    const segments = link.segments.filter((segment) => wanted(link, segment));
    if (!segments.length) continue;
    const all = segments.length === link.segments.length;
    found.push(all ? link.name : `${link.name} (${FAMILIES[segments[0].family]})`);
  }
  if (found.length > 3) return `${found.length} of ${status.interfaces.length} interfaces`;
  return listed(found);
}

function guardSentence(status, pairs) {
  const ours = pairs.filter(([, segment]) => segment.querier?.ours);
  const theirs = pairs.filter(([, segment]) => segment.querier && !segment.querier.ours);
  const nobody = pairs.length - ours.length - theirs.length;
  if (ours.length === pairs.length) {
    if (pairs.length === 1) return `This querent guards it, as ${ours[0][1].querier.address}.`;
    const where = places(status, () => true);
    return `This querent guards it on ${status.interfaces.length > 3
      ? `all ${status.interfaces.length} interfaces` : where}.`;
  }
  if (theirs.length === pairs.length) {
    const addresses = [...new Set(theirs.map(([, segment]) => withMac(segment.querier)))];
    const passive = theirs.every(([, segment]) => segment.state === "passive");
    const we = passive ? "this querent listens only" : "this querent stands by";
    return addresses.length > 2 ? `Other queriers guard it; ${we}.`
      : `${listed(addresses)} ${addresses.length === 1 ? "guards" : "guard"} it; ${we}.`;
  }
  if (nobody === pairs.length) return "Nobody asks: switches will forget the receivers.";
  const who = pairs.length > 4 ? [] : pairs.map(([link, segment]) =>
    `${FAMILIES[segment.family]} on ${link.name} is guarded by ${!segment.querier ? "nobody"
      : segment.querier.ours ? "this querent" : segment.querier.address}`);
  if (who.length) return `${listed(who)}.`;
  const parts = [];
  if (ours.length) parts.push(`this querent guards ${plural(ours.length, "segment")}`);
  if (theirs.length) parts.push(`other queriers guard ${number(theirs.length)}`);
  if (nobody) parts.push(`nobody guards ${number(nobody)}`);
  const said = listed(parts);
  return `${said[0].toUpperCase()}${said.slice(1)}.`;
}

// Is my multicast safe, and who guards it? In words; the level is safe, warning or danger.
function verdictOf(status) {
  const pairs = status.interfaces.flatMap((link) =>
    link.segments.map((segment) => [link, segment]));
  if (!status.interfaces.length) {
    return { level: "danger", short: "No interface", headline: "No interface: nothing is guarded.",
             guard: "querent has no interface to ask on." };
  }
  if (!pairs.length) {
    return { level: "danger", short: "Not safe", headline: "Nothing is guarded.",
             guard: "Both IGMP and MLD are off on every interface." };
  }
  const is = (wanted) => (link, segment) => condition(link, segment) === wanted;
  const unguarded = pairs.filter(([link, segment]) => is("unguarded")(link, segment)).length;
  const atRisk = places(status, is("risk"));
  const guard = guardSentence(status, pairs);
  if (unguarded && unguarded === pairs.length) {
    return { level: "danger", short: "Not safe", guard,
             headline: "Multicast is not safe: nobody guards it." };
  }
  if (unguarded) {
    return { level: "danger", short: "Not safe", guard,
             headline: `Multicast is not safe on ${places(status, is("unguarded"))}.` };
  }
  if (atRisk) {
    return { level: "danger", short: "At risk", headline: `Multicast is at risk on ${atRisk}.`,
             guard };
  }
  if (!status.healthy) {
    return { level: "danger", short: "At risk", guard,
             headline: "Multicast is at risk: querent is not well." };
  }
  const warnings = alarmsOf(status).length;
  if (warnings || !status.ready) {
    return { level: "warning", short: "Warning", guard,
             headline: warnings === 1 ? "Multicast is safe, with a warning."
               : warnings ? `Multicast is safe, with ${number(warnings)} warnings.`
                 : "Multicast is safe, but querent is not ready." };
  }
  return { level: "safe", short: "Safe", headline: "Multicast is safe.", guard };
}
