// What a daemon may have to say, as docs/api.md spells it. A world is data that a test may change at
// any time; ages and countdowns are worked out from `at`, when the answer is made.

const INTERVAL = 60;

export const ALARMS = {
  no_querier: ["error", "Nobody asks on this network",
    "Let querent ask here: take passive away, or start another querier"],
  interface_missing: ["error", "There is no interface eth0", "Plug it in, or correct its name"],
  interface_down: ["error", "eth0 has no carrier", "Look at the cable and at the switch's port"],
  interface_failed: ["error", "eth0 belongs to br0 (bridge): name br0 instead",
    "Name br0 instead of eth0"],
  no_address: ["warning", "eth0 has no IPv4 address to ask from", "Give it an address"],
  send_failed: ["error", "A query is due for 3.2 s: send on eth0: Network is unreachable",
    "Look at the interface's addresses and routes"],
  two_queriers: ["error", "192.168.1.9 goes on asking though we are the querier",
    "It does not hear us: look for a filter between us and it"],
  address_conflict: ["error", "Another machine uses our address 192.168.1.5 (52:54:00:12:34:56)",
    "Give one of the two another address; until then switches and hosts see two machines as one"],
  loop: ["error", "Our own queries come back", "Look for a cable that makes a ring"],
  version_mismatch: ["warning", "192.168.1.9 asks in IGMPv1, we in IGMPv2",
    "Set all queriers to the same version"],
  malformed: ["warning", "12 packets could not be read in the last 5 minutes",
    "Watch them: querent watch -i eth0"],
  forged: ["warning", "3 queries were rejected in the last 5 minutes: source_off_subnet",
    "Find out who sends them: querent watch -i eth0"],
  long_interval: ["error", "192.168.1.2 asks every 300 s; most switches forget after 260 s",
    "Set it to 125 s or less"],
  frames_dropped: ["warning", "214 packets were lost in a flood", "Find the sender of the flood"],
  table_full: ["warning", "17 groups were refused", "Raise limits.groups"],
};

export function alarm(id) {
  const [severity, text, advice] = ALARMS[id];
  return { id, severity, text, advice };
}

function counters() {
  return {
    queries_sent: { general: 1440, group: 2, group_source: 0 },
    queries_received: { general: 3, group: 0, group_source: 0 },
    queries_rejected: { source_off_subnet: 3 },
    reports_received: 17280, reports_rejected: {}, leaves_received: 4,
    malformed: { message_checksum: 1 }, send_errors: {}, proxy_queries: 0,
    elections_won: 1, elections_lost: 0, socket_recoveries: 0, frames_dropped: 0,
    address_changes: 0, link_changes: 1, address_conflicts: 0, loops: 0, ssm_violations: 0,
    without_router_alert: 0, version_mismatches: 0, sleeps: 0, untracked_records: 0,
    skipped_records: 0, refused_questions: 0,
    refused: { group: 0, source: 0, host: 0 },
  };
}

// Two slots of 30 s a query; one election and a few failures half an hour ago.
export function history(state, { length = 120, election = false, failures = false } = {}) {
  const asks = state === "querier" || state === "starting";
  const slots = Array.from({ length }, (_, index) => {
    const late = election && index < 70;
    const queries = index % 2 === 0 ? 1 : 0;
    return {
      state: late ? "non_querier" : state,
      sent: asks && !late ? queries : 0,
      heard: (state === "non_querier" || late) ? queries : 0,
      elections: election && index === 70 ? 1 : 0,
      failures: failures && index > 95 && index < 99 ? 2 : 0,
    };
  });
  return { slot_s: 30, slots };
}

const SOURCES = { ipv4: "192.168.1.5", ipv6: "fe80::5054:ff:fe12:3405" };
const OTHERS = { ipv4: "192.168.1.2", ipv6: "fe80::5054:ff:fe12:3402" };

export function segment(state = "querier", family = "ipv4", changes = {}) {
  const asks = state === "querier" || state === "starting";
  const other = state === "non_querier";
  return {
    family, state, reason: "", in_state_s: 86399.1,
    source: ["querier", "starting", "non_querier", "passive"].includes(state)
      ? SOURCES[family] : null,
    version: 2,
    querier: asks ? { address: SOURCES[family], mac: null, version: 2, ours: true,
                      since_s: 86399.1, last_heard_ago_s: null, timeout_s: null }
      : other ? { address: OTHERS[family], mac: "52:54:00:12:34:02", version: 2, ours: false,
                  since_s: 7200.5, last_heard_ago_s: 31, timeout_s: 125 } : null,
    last_competitor: other ? { address: OTHERS[family], mac: "52:54:00:12:34:02", heard_ago_s: 31 }
      : null,
    query_interval_s: INTERVAL, max_response_s: 10, last_member_interval_s: 1, robustness: 2,
    last_query_ago_s: asks ? 19 : other ? 31 : null,
    next_query_in_s: asks ? 41 : null,
    takeover_in_s: other ? 94 : null,
    version_mismatch: false, groups: 12, sources: 0, hosts: 0,
    counters: counters(), alarms: [], history: history(state),
    ...changes,
  };
}

export function link(name, segments = [segment()], changes = {}) {
  return { name, state: "up", reason: "", segments, ...changes };
}

const NAMES = ["hf audio", "video wall", "intercom", null, "clock", null, "stage left", "cameras"];

export function group(index, changes = {}) {
  const address = `239.${Math.floor(index / 65536) + 1}.${Math.floor(index / 256) % 256}.${
    index % 256}`;
  const version = index % 3 === 0 ? 3 : 2;
  const hosts = version === 3 ? 1 + (index % 4) : 0;
  const host = (at) => ({ address: `192.168.1.${20 + ((index + at) % 200)}`,
                          mac: "52:54:00:12:34:57", last_report_ago_s: 12 });
  const include = index % 9 === 3;
  return {
    interface: "eth0", family: "ipv4", group: address,
    name: NAMES[index % NAMES.length] && `${NAMES[index % NAMES.length]} ${index}`,
    link_local: false, mode: include ? "include" : "exclude", version,
    known_for_s: 86000, last_report_ago_s: (index * 7) % 61, expires_in_s: 130 - ((index * 7) % 61),
    last_reporter: { address: `192.168.1.${20 + (index % 200)}`, mac: "52:54:00:12:34:57" },
    sources: include ? [{ address: "10.0.0.1", expires_in_s: 120 }] : [],
    sources_total: include ? 1 : 0,
    hosts: Array.from({ length: hosts }, (_, at) => host(at)), hosts_total: hosts,
    ...changes,
  };
}

export const groups = (count) => Array.from({ length: count }, (_, index) => group(index));

const MDNS = { group: "ff02::fb", family: "ipv6", name: "mDNS", link_local: true };

export function events(count) {
  const kinds = [
    ["info", "querier", "querier as 192.168.1.5, asks every 60 s (v2)"],
    ["info", "election_lost",
      "election lost to 192.168.1.2 (v2, 52:54:00:12:34:02); was querier for 3h12m"],
    ["warn", "querier_vanished", "nothing from 192.168.1.2 for 125 s"],
    ["info", "election_won",
      "election won: nothing from 192.168.1.2 for 2m5s; was standby for 17m"],
    ["error", "address_conflict", "52:54:00:12:34:56 uses our address 192.168.1.5"],
  ];
  return Array.from({ length: count }, (_, index) => {
    const [level, event, text] = kinds[index % kinds.length];
    return { id: index + 1, time: new Date(Date.now() - (count - index) * 61e3).toISOString(),
             level, event, interface: "eth0", family: "ipv4", text };
  });
}

function world(interfaces, rest = {}) {
  return { healthy: true, ready: true, reasons: [], interfaces, groups: [], events: events(6),
           ...rest };
}

export const noLinks = () => world([], { ready: false, reasons: ["no interface is there"],
                                          events: [] });

export const oneLink = () => world([link("eth0")], { groups: groups(12) });

// As the one of the README: both families, an election within the hour.
export function healthyLink() {
  const ipv4 = segment("querier", "ipv4", { history: history("querier", { election: true }),
    in_state_s: 1509, hosts: 9, last_competitor:
      { address: "192.168.1.9", mac: "52:54:00:12:34:09", heard_ago_s: 1661 } });
  ipv4.querier.since_s = 1509;
  const ipv6 = segment("non_querier", "ipv6", { groups: 3 });
  const table = [...groups(12), ...[0, 1, 2].map((index) => group(index, {
    ...(index ? { group: `ff3e::8000:${index}`, family: "ipv6", name: `sensor ${index}` } : MDNS),
    version: 2 }))];
  table[0].hosts_total = 70;
  return world([link("eth0", [ipv4, ipv6])], { groups: table, events: events(5) });
}

export function alarmed(ids) {
  const found = ids.map(alarm);
  const state = ids.includes("no_querier") ? "passive"
    : ids.includes("long_interval") ? "non_querier" : "querier";
  return world([link("eth0", [segment(state, "ipv4", { alarms: found,
    history: history(state, { failures: true }) })])], { groups: groups(12) });
}

// 20 links, 40 segments; where there are troubles, three are not well.
export function manyLinks({ troubled = true } = {}) {
  const links = Array.from({ length: 20 }, (_, index) => link(`eth0.${10 + index}`,
    ["ipv4", "ipv6"].map((family) => segment(index % 4 === 1 ? "non_querier" : "querier", family,
      { history: history(index % 4 === 1 ? "non_querier" : "querier", { election: index === 6 }) }))));
  if (troubled) {
    links[7] = link("eth0.17", ["ipv4", "ipv6"].map((family) => segment("down", family,
      { alarms: [{ ...alarm("interface_down"), text: "eth0.17 has no carrier" }], groups: 0 })),
                    { state: "down", reason: "has no carrier" });
    links[12].segments[0].alarms = [alarm("loop")];
    links[15].segments[1].alarms = [alarm("malformed")];
  }
  return world(links, { groups: groups(60), events: events(80) });
}

export const manyGroups = (count = 5000) => world([link("eth0", [segment("querier", "ipv4",
  { groups: count, hosts: 900 })])], { groups: groups(count), events: events(40) });

// Every number that is an age or a countdown, moved on by the seconds that have gone by. Queries go
// on: what would be below zero starts anew.
export function movedOn(value, seconds) {
  if (Array.isArray(value)) return value.map((entry) => movedOn(entry, seconds));
  if (value === null || typeof value !== "object") return value;
  const moved = {};
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry !== "number") moved[name] = movedOn(entry, seconds);
    else if (name === "next_query_in_s") {
      moved[name] = (((entry - seconds) % INTERVAL) + INTERVAL) % INTERVAL;
    } else if (name === "last_query_ago_s" && value.next_query_in_s != null) {
      moved[name] = (entry + seconds) % INTERVAL;
    } else if (/_in_s$/.test(name)) moved[name] = Math.max(0, entry - seconds);
    else if (/_ago_s$|^since_s$|^in_state_s$|^known_for_s$/.test(name)) moved[name] = entry + seconds;
    else moved[name] = entry;
  }
  return moved;
}
