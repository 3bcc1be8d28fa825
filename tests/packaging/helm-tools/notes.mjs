// What is said after an installation.
import { check, finish, notes, valuesFile } from "./lib.mjs";

function told(what, args, includes, excludes) {
  const text = notes(...args);
  check(`the notes: ${what}`, [
    ...includes.filter((words) => !text.includes(words)).map((words) => `no "${words}"`),
    ...excludes.filter((words) => text.includes(words)).map((words) => `"${words}"`),
    ...text.split("\n").filter((line) => line.length > 120 || /\s$/.test(line)),
  ]);
}
const WARNINGS = ["a router port", "from flooding to filtering"];
told(
  "the minimum",
  ["-f", valuesFile("minimum")],
  [
    ...WARNINGS,
    "the DaemonSet net-querent on every node",
    "for eth1",
    "--namespace multicast exec daemonset/net-querent -- querent status",
    "http://NODE:9224/",
    "privileged",
    "asks for a password",
  ],
  ["neighbour", "passive", "<no value>"],
);
told(
  "a Deployment",
  ["-f", valuesFile("deployment")],
  ["on 3 of the nodes", "deployment/net-querent"],
  ["daemonset"],
);
told("IPv6", ["-f", valuesFile("ipv6")], [...WARNINGS, "neighbour discovery"], ["passive"]);
told(
  "passive",
  ["-f", valuesFile("passive")],
  ["sends nothing", "ready while"],
  [...WARNINGS, "neighbour"],
);
told("one of two passive", ["-f", valuesFile("several-interfaces")], WARNINGS, ["sends nothing"]);
told(
  "a raw configuration",
  ["-f", valuesFile("raw-config")],
  [...WARNINGS, "that its configuration names"],
  [],
);
told(
  "without HTTP",
  ["-f", valuesFile("http-off")],
  ["HTTP is off"],
  ["status page is at", "helm --namespace"],
);
told(
  "a loopback address",
  ["-f", valuesFile("loopback")],
  ["http://127.0.0.1:9999/ on each"],
  ["NODE"],
);
for (const [address, ...words] of [
  ["[::1]:9999", "http://[::1]:9999/ on each"],
  ["[2001:db8::1]:9999", "http://[2001:db8::1]:9999/, for each"],
  ["[::]:9999", "http://NODE:9999/, for each"],
  ["0.0.0.0:9999", "http://NODE:9999/, for each"],
])
  told(
    `an address, ${address}`,
    ["-f", valuesFile("minimum"), "--set", `web.listen_address=${address}`],
    words,
    [],
  );
told(
  "a password",
  ["-f", valuesFile("basic-auth")],
  ["http://NODE:9224/"],
  ["asks for a password"],
);
finish();
