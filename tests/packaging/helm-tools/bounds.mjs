// Do chart and querent draw the same bounds? Values at both sides of each are given to both; and no
// setting is missing in the schema, which is one that Helm's validator can use.
import {
  CHART,
  check,
  finish,
  inForce,
  mergedValues,
  render,
  schema,
  schemaErrors,
  written,
} from "./lib.mjs";

const minimum = { interfaces: ["eth1"] };

// With what each needs beside it.
const LONG = { igmp_version: 3, query_interval: "31744s" };
const durations = (least, most, above, more = []) => ({
  good: [least, most, ...more],
  bad: [
    above,
    "0",
    "-1s",
    "1 s",
    "1w",
    "s",
    ".5s",
    "5.s",
    "30s1m",
    "1.5m30s",
    "1m30",
    "1s1s",
    "",
    true,
    -1,
    [],
    ...(more.length ? [] : ["auto"]),
  ],
});
const numbers = (least, most) => ({
  good: [least, most],
  bad: [least - 1, most + 1, 1.5, "2", true, "auto"],
});
const switches = { good: [true, false], bad: ["true", 1, 0, "off"] };
const bounds = {
  igmp_version: {
    good: [1, 2, 3, "off", false],
    bad: [0, 4, true, "on", "4", 2.5],
    beside: { mld_version: 1 },
  },
  mld_version: { good: [1, 2, "off", false], bad: [0, 3, true, "on", "3"] },
  query_interval: durations("100ms", "31744s", "31744.1s", ["0.1", 60, 31744, 0.1, "529m", "8.8h", "1m30s",
    "8h49m4s", "2m30.5s", "100000us", "0.2d"]),
  max_response: durations("100ms", "3174.4s", "3174.5s", ["auto", 3174.4, "52m"]),
  robustness: numbers(1, 7),
  startup_count: numbers(1, 100),
  startup_interval: durations("10ms", "31744s", "9h", ["auto", 0.01]),
  jitter: { good: [0, 0.9, 0.25], bad: [-0.1, 0.91, "0.25", "25%"] },
  last_member_interval: durations("100ms", "25.5s", "25.6s"),
  timeout: durations("100ms", "8760h", "8760.1h", ["auto", 31536000]),
  source: {
    good: [
      "auto",
      "0.0.0.0",
      "192.168.1.2",
      "1.0.0.0",
      "223.255.255.255",
      "126.0.0.1",
      "100.64.0.1",
    ],
    bad: [
      "",
      "127.0.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "0.1.2.3",
      "1.2.3",
      "1.2.3.4.5",
      "256.1.1.1",
      "fe80::1",
      "eth1",
      1,
    ],
  },
  passive: switches,
  accept_off_subnet: switches,
  require_router_alert: switches,
  follow_older_version: switches,
  max_groups: numbers(1, 10000000),
  max_sources: numbers(1, 10000000),
  max_hosts: numbers(1, 10000000),
};
bounds.query_interval.bad.push("99ms", 0.09, 31744.1);
bounds.max_response.bad.push("99ms", 3174.5);
bounds.last_member_interval.bad.push("99ms", 25.6);
bounds.startup_interval.bad.push("9ms", 31745);
const needs = {
  max_response: LONG,
  startup_interval: { query_interval: "31744s" },
  query_interval: {},
};

function takes(values) {
  const file = written(values);
  if (schemaErrors(mergedValues("-f", file)).length) return false;
  return render(CHART, "-f", file).status === 0;
}

// As the chart writes it; false means off there.
function toml(value) {
  return JSON.stringify(value === false ? "off" : value);
}

const accepts = (lines) => inForce(`${lines.join("\n")}\n`).status === 0;

for (const [key, { good, bad, beside = needs[key] ?? {} }] of Object.entries(bounds)) {
  const wrong = [];
  for (const value of good) {
    const values = { interfaces: [{ name: "eth1", ...beside, [key]: value }] };
    if (!takes(values)) wrong.push(`${toml(value)} is refused by the chart`);
    if (!takes({ interfaces: ["eth1"], querier: { ...beside, [key]: value } }))
      wrong.push(`${toml(value)} is refused by the chart in querier`);
    const isVersion = ["igmp_version", "mld_version"].includes(key) && typeof value !== "number";
    const lines = Object.entries({ ...beside, [key]: value }).map(
      ([name, one]) => `${name} = ${name === key && isVersion ? toml(one) : JSON.stringify(one)}`,
    );
    if (!accepts(["[[interface]]", 'name = "eth1"', ...lines]))
      wrong.push(`${toml(value)} is refused by querent`);
  }
  for (const value of bad) {
    if (takes({ interfaces: [{ name: "eth1", ...beside, [key]: value }] }))
      wrong.push(`${JSON.stringify(value)} is taken by the chart`);
    // What querent takes as text the chart may want as a number.
    const lines = Object.entries({ ...beside, [key]: value }).map(
      ([name, one]) => `${name} = ${JSON.stringify(one)}`,
    );
    const strict = typeof value === "string" && /^\d/.test(value);
    if (!strict && accepts(["[[interface]]", 'name = "eth1"', ...lines]))
      wrong.push(`${JSON.stringify(value)} is taken by querent`);
  }
  check(`bounds of ${key}`, wrong);
}

function sameInBoth(what, values, lines, good, bad) {
  const wrong = [];
  for (const value of good) {
    if (!takes(values(value))) wrong.push(`${JSON.stringify(value)} is refused by the chart`);
    if (!accepts(lines(value))) wrong.push(`${JSON.stringify(value)} is refused by querent`);
  }
  for (const value of bad) {
    if (takes(values(value))) wrong.push(`${JSON.stringify(value)} is taken by the chart`);
    if (accepts(lines(value))) wrong.push(`${JSON.stringify(value)} is taken by querent`);
  }
  check(what, wrong);
}

const names = {
  good: [
    "eth1",
    "auto",
    "eth0.20",
    "eth*",
    "a".repeat(15),
    `${"a".repeat(63)}*`,
    "br-lan",
    "en[op]?",
    "a=b",
  ],
  bad: [
    "",
    ".",
    "..",
    "a".repeat(16),
    `${"a".repeat(64)}*`,
    "eth 1",
    "eth/1",
    "eth1:0",
    "a,b",
    "-eth1",
    "=eth1",
  ],
};
const named = (name) => ["[[interface]]", `name = ${JSON.stringify(name)}`];
sameInBoth("names of interfaces", (name) => ({ interfaces: [name] }), named, names.good, names.bad);
sameInBoth(
  "names of interfaces with settings",
  (name) => ({ interfaces: [{ name, passive: true }] }),
  named,
  names.good,
  names.bad,
);
sameInBoth(
  "addresses to listen on",
  (listen_address) => ({ ...minimum, web: { listen_address } }),
  (address) => [...named("eth1"), "[web]", `listen_address = ${JSON.stringify(address)}`],
  [":9224", "0.0.0.0:9224", "127.0.0.1:65535", "off", [":1024", ":1025"], ["10.0.0.1:9224"], "223.255.255.255:9224", "0.1.2.3:9224"],
  [
    "",
    "9224",
    ":0",
    ":65536",
    "localhost:9224",
    "::1:9224",
    "[::1]",
    "[::1]9224",
    "[]:9224",
    "[127.0.0.1]:9224",
    "[fe80::1]:9224",
    "[FEBF::1]:9224",
    "[ff02::1]:9224",
    "[1:2:3:4:5:6:7]:9224",
    "[1:2:3:4:5:6:7:8:9]:9224",
    "[1:2:3:4:5:6:7::8]:9224",
    "[1::2::3]:9224",
    "[12345::]:9224",
    "[::1%lo]:9224",
    "1.2.3:9224",
    ":9224s",
    [":1024", ":1024"],
    "224.0.0.1:9224",
    "239.1.1.1:9224",
    "255.255.255.255:9224",
    ["224.0.0.1:9224"],
  ],
);
// querent takes these where its web server has IPv6.
{
  const wrong = [];
  const listen = (address) => [
    ...named("eth1"),
    "[web]",
    `listen_address = ${JSON.stringify(address)}`,
  ];
  const hasIPv6 = accepts(listen("[::]:9224"));
  for (const address of [
    "[::]:9224",
    "[::1]:9224",
    "[2001:db8::1]:65535",
    "[2001:DB8:0:0:0:0:0:1]:9224",
    "[1:2:3:4:5:6:7::]:9224",
    "[::2:3:4:5:6:7:8]:9224",
    "[fec0::1]:9224",
    "[fd00::1]:9224",
    ["[::]:9224", "0.0.0.0:9224"],
    ["[::1]:9224", "0.0.0.0:9224", ":9225"],
  ]) {
    if (!takes({ ...minimum, web: { listen_address: address } }))
      wrong.push(`${address} is refused by the chart`);
    const read = inForce(`${listen(address).join("\n")}\n`);
    if (hasIPv6 ? read.status !== 0 : !read.error.includes("is IPv6, which this system's CivetWeb"))
      wrong.push(`${address}: querent says ${read.status} ${read.error}`);
  }
  check("IPv6 addresses to listen on", wrong);
}
for (const [address, host, url] of [
  [":9999", undefined, "http://127.0.0.1:9999"],
  ["0.0.0.0:9999", undefined, "http://127.0.0.1:9999"],
  ["10.0.0.1:9999", "10.0.0.1", "http://10.0.0.1:9999"],
  ["[::]:9999", "::1", "http://[::1]:9999"],
  ["[2001:db8::1]:9999", "2001:db8::1", "http://[2001:db8::1]:9999"],
]) {
  const { out } = render(CHART, "-f", written({ ...minimum, web: { listen_address: address } }));
  const hosts = new Set([...out.matchAll(/httpGet:\n(?: +(?!host).*\n){2}(?: +host: "(.*)"\n)?/g)].map((probe) => probe[1]));
  check(`where probes ask, ${address}`, [
    ...[...hosts].filter((one) => one !== host).map((one) => `a probe asks ${one}, not ${host}`),
    ...(hosts.size ? [] : ["no probe"]),
    ...(out.includes(JSON.stringify(url)) ? [] : [`helm test does not ask ${url}`]),
  ]);
}
sameInBoth(
  "names of groups",
  ([group, name]) => ({ ...minimum, names: { [group]: name } }),
  ([group, name]) => [
    ...named("eth1"),
    "[names]",
    `${JSON.stringify(group)} = ${JSON.stringify(name)}`,
  ],
  [
    ["224.0.0.0", "a"],
    ["239.255.255.255", "x".repeat(64)],
    ["ff15::1", "é"],
    ["FF02:0:0:0:0:0:0:1", "<&>"],
    ["ff02::", "a"],
    ["ff02::2:3:4:5:6:7", "a"],
    ["ff02:1:2::5:6:7", "a"],
    ["ff02:1:2:3:4:5::7", "a"],
    ["ff02:1:2:3:4:5:6::", "a"],
    ["ff02::0001", "a"],
  ],
  [
    ["223.1.1.1", "a"],
    ["240.0.0.0", "a"],
    ["fe80::1", "a"],
    ["ff2::1", "a"],
    ["ff02:1", "a"],
    ["ff02:", "a"],
    ["ff02:::1", "a"],
    ["ff02::1:", "a"],
    ["ff02::12345", "a"],
    ["ff02::1::2", "a"],
    ["ff02:1:2:3:4:5:6", "a"],
    ["ff02:1:2:3:4:5:6:7:8", "a"],
    ["ff02:1:2:3:4:5:6:7::", "a"],
    ["ff02:1:2:3:4:5:6::8", "a"],
    ["ff02::2:3:4:5:6:7:8", "a"],
    ["239.1.2", "a"],
    ["239.1.2.3", ""],
    ["239.1.2.3", "x".repeat(65)],
    ["239.1.2.3", "a\nb"],
    ["ka9", "a"],
    ["239.1.2.3", 1],
  ],
);
sameInBoth(
  "names of streams",
  (ka9q) => ({ ...minimum, names: { ka9q } }),
  (ka9q) => [...named("eth1"), "[names]", `ka9q = ${JSON.stringify(ka9q)}`],
  [["hf.local"], ["a", "_b-c.d"], ["a".repeat(63)], []],
  [["a..b"], ["-a"], ["a-"], ["a".repeat(64)], ["a.local", "a.local"], [1], "hf.local", [""]],
);

// ---- no setting is missing, and the schema is one that Helm's validator can use

const inForceOf = (section) =>
  [
    ...inForce('[[interface]]\nname = "eth1"\n[web]\nbasic_auth_file = "/x"\n')
      .out.split(/^(?=\[)/m)
      .find((part) => part.startsWith(section))
      .matchAll(/^(\w+) =/gm),
  ]
    .map(([, key]) => key)
    .sort();
const same = (a, b) => (String(a) === String(b) ? "" : `the schema has ${a}\nquerent has ${b}`);
const { querier, log, interfaces } = schema.properties;
check(
  "every setting of an interface",
  same(Object.keys(interfaces.items.properties).sort(), inForceOf("[[interface]]")),
);
check(
  "every setting for all",
  same(
    Object.keys(querier.properties).sort(),
    inForceOf("[[interface]]").filter((key) => key !== "name"),
  ),
);
check("every setting of the log", same(Object.keys(log.properties).sort(), inForceOf("[log]")));
check(
  "every setting of the web",
  same(["basic_auth_file", ...Object.keys(schema.properties.web.properties)], inForceOf("[web]")),
);
check(
  "bounds of every setting",
  same(Object.keys(querier.properties).sort(), Object.keys(bounds).sort()),
);
check(
  "a draft that Helm 3 knows",
  schema.$schema === "http://json-schema.org/draft-07/schema#" ? "" : schema.$schema,
);

function walk(node, path, visit) {
  visit(node, path);
  for (const [key, value] of Object.entries(node))
    if (value && typeof value === "object") walk(value, `${path}/${key}`, visit);
}
const strange = [];
walk(schema, "", (node, path) => {
  // Go's regular expressions have no look-around, no references back, and escapes of their own.
  if (typeof node.pattern === "string" && /\(\?|\\[1-9]|\\[uUcpk]|\\[dDwW]/.test(node.pattern))
    strange.push(`${path}: ${node.pattern}`);
  const open = node.type === "object" && node.properties && node.additionalProperties !== false;
  if (open && !/extraVolume/.test(path)) strange.push(`${path}: unknown members are taken`);
});
check("patterns and objects of the schema", strange);
finish();
