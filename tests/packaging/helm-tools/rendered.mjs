// Every file of values, rendered: rendered.mjs [--update]. Is each what it was (a golden rendering,
// or what changes of one), valid, whole, and a configuration that querent takes?
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import YAML from "yaml";
import { differences, unexpected } from "./differences.mjs";
import {
  CHART,
  DASHBOARD,
  GOLDEN,
  ONLY,
  RULES,
  SCRATCH,
  VALUES,
  canonical,
  cases,
  check,
  compiled,
  configOf,
  documentsIn,
  finish,
  helm,
  inForce,
  mergedValues,
  read,
  render,
  run,
  schemaErrors,
  valuesFile,
  workloadOf,
  written,
} from "./lib.mjs";

const update = process.argv[2] === "--update";
const operator = compiled(JSON.parse(read(new URL("operator.schema.json", import.meta.url))));
const TEST = "helm.sh/hook";
const MOST_GOLDEN = 6;

function golden(name, text) {
  const file = `${GOLDEN}/${name}`;
  if (update) writeFileSync(file, text);
  if (!existsSync(file)) return check(`${name} is as it was`, "it is new; --update");
  const now = `${SCRATCH}/${name}`;
  writeFileSync(now, text);
  const { out } = run("diff", ["-u", "--label", `golden ${name}`, "--label", "now", file, now]);
  check(`${name} is as it was`, out && `${out.slice(0, 3000)}\nif it is meant so: --update`);
}

const includes = (all, some) =>
  Object.entries(some).every(([name, value]) => (all ?? {})[name] === value);

// What must be so in every container, whatever the values are.
function wrongInContainer(container, pod) {
  const wrong = [];
  const say = (is, text) => {
    if (is) wrong.push(`${container.name}: ${text}`);
  };
  const { securityContext: rights, volumeMounts = [], ports = [], env = [] } = container;
  say(container.command, "a command, but the entry point is the image's");
  say(rights.allowPrivilegeEscalation !== false, "privileges may grow");
  say(rights.readOnlyRootFilesystem !== true, "the root is not read-only");
  say(String(rights.capabilities.drop) !== "ALL", "not all capabilities are dropped");
  env.forEach(({ name, value = "" }, index) => {
    for (const [, other] of value.matchAll(/\$\((\w+)\)/g))
      say(
        !env.slice(0, index).some((before) => before.name === other),
        `${name}: no ${other} before it`,
      );
  });
  say(rights.privileged, "it is privileged");
  for (const { name } of volumeMounts)
    say(!(pod.volumes ?? []).some((volume) => volume.name === name), `no volume ${name}`);
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
    const { httpGet, exec } = container[probe] ?? {};
    say(container[probe] && !httpGet === !exec, `${probe} asks nothing, or twice`);
    say(httpGet && !ports.some((port) => port.name === httpGet.port), `${probe}: no such port`);
    say(exec && exec.command[0] !== "querent", `${probe}: only querent is in the image`);
  }
  return wrong;
}

function wrongInPod(pod) {
  const wrong = pod.containers.flatMap((container) => wrongInContainer(container, pod));
  const say = (is, text) => {
    if (is) wrong.push(text);
  };
  say(pod.hostNetwork !== true, "not the host's network");
  say(pod.dnsPolicy !== "ClusterFirstWithHostNet", `dnsPolicy ${pod.dnsPolicy}`);
  say(pod.automountServiceAccountToken !== false, "a token is mounted");
  say(pod.enableServiceLinks !== false, "Services become QUERENT_ variables");
  say(pod.securityContext.seccompProfile.type !== "RuntimeDefault", "no seccomp profile");
  say(pod.hostPID || pod.hostIPC, "more of the host than its network");
  return wrong;
}

function wrongInWorkload(workload, config) {
  const { selector, template } = workload.spec;
  const [container] = template.spec.containers;
  const wrong = wrongInPod(template.spec);
  const say = (is, text) => {
    if (is) wrong.push(text);
  };
  say(!includes(template.metadata.labels, selector.matchLabels), "it does not select its pods");
  say(container.securityContext.runAsUser !== 0, "not user 0: it cannot have NET_RAW");
  say(
    String(container.securityContext.capabilities.add) !== "NET_RAW",
    "NET_RAW is not all it has",
  );
  say(container.args[0] !== "run", `it does ${container.args[0]}`);
  const sum = createHash("sha256").update(config.trimEnd()).digest("hex");
  const said = template.metadata.annotations["checksum/config"];
  say(
    said !== sum && said !== createHash("sha256").update(config).digest("hex"),
    "the checksum is of something else",
  );
  const strategy = workload.spec.strategy ?? workload.spec.updateStrategy;
  say(
    strategy.type === "RollingUpdate" && strategy.rollingUpdate.maxSurge !== 0,
    "two pods would share a port of the node",
  );
  say(
    workload.kind === "Deployment" && !template.spec.affinity?.podAntiAffinity,
    "two pods of one Deployment on one node",
  );
  return wrong;
}

// k8s-validate has no schemas of these: operator.schema.json is what their definitions require.
function wrongInMonitor(monitor, documents, workload) {
  const wrong = operator(monitor)
    ? []
    : operator.errors.map(
        ({ instancePath, message }) => `${monitor.kind}${instancePath} ${message}`,
      );
  if (monitor.kind === "PrometheusRule" || wrong.length) return wrong;
  const say = (is, text) => {
    if (is) wrong.push(`${monitor.kind}: ${text}`);
  };
  const { selector, podMetricsEndpoints, endpoints, namespaceSelector } = monitor.spec;
  const [endpoint] = podMetricsEndpoints ?? endpoints;
  const ports = workload.spec.template.spec.containers[0].ports ?? [];
  let selected = workload.spec.template.metadata;
  say(String(namespaceSelector.matchNames) !== workload.metadata.namespace, "another namespace");
  if (monitor.kind === "ServiceMonitor") {
    const service = documents.find(({ kind }) => kind === "Service");
    if (!service) return [`${monitor.kind}: there is no Service`];
    selected = service.metadata;
    say(!includes(workload.spec.template.metadata.labels, service.spec.selector), "no pods");
    say(service.spec.clusterIP !== "None", "the Service is not headless");
    say(!service.spec.ports.some(({ name }) => name === endpoint.port), "no such port of it");
  }
  say(!includes(selected.labels, selector.matchLabels), "it selects nothing");
  say(!ports.some(({ name }) => name === endpoint.port), `no port ${endpoint.port}`);
  say(
    !endpoint.relabelings.some((one) => one.targetLabel === "job" && one.replacement === "querent"),
    "the rules know the job querent alone",
  );
  return wrong;
}

function wrongInTest(pod, workload) {
  const wrong = wrongInPod(pod.spec);
  const [term] = pod.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const labels = workload.spec.template.metadata.labels;
  if (!includes(labels, term.labelSelector.matchLabels)) wrong.push("it goes where no querent is");
  if (includes(pod.metadata.labels, workload.spec.selector.matchLabels))
    wrong.push("it is taken for a querent");
  if (pod.spec.containers[0].securityContext.runAsNonRoot !== true) wrong.push("it is root");
  return wrong;
}

// The variables of the container, as far as they are said here; the others name an interface.
function environmentOf(container) {
  const entries = (container.env ?? []).map(({ name, value }) => [name, value ?? "eth7"]);
  return Object.fromEntries(entries);
}

function copied(document) {
  if (document.kind === "PrometheusRule") {
    const rules = read(RULES);
    const link = document.spec.groups[0].rules[0].annotations.runbook_url.split("#")[0];
    const same = JSON.stringify(YAML.parse(rules.replaceAll("docs/runbook.md", link)));
    return same === JSON.stringify(document.spec) ? "" : "the rules are not those of the file";
  }
  const dashboard = document.data?.["querent.json"];
  return dashboard === undefined || dashboard === read(DASHBOARD)
    ? ""
    : "the dashboard is not that of the file";
}

function inspect(name, text) {
  const documents = documentsIn(text);
  const workload = workloadOf(documents);
  const config = configOf(documents);
  const [container] = workload.spec.template.spec.containers;
  check(`${name}: the pods`, wrongInWorkload(workload, config));
  for (const document of documents) {
    if (document.apiVersion.startsWith("monitoring.coreos.com/"))
      check(`${name}: ${document.kind}`, wrongInMonitor(document, documents, workload));
    if (document.metadata.annotations?.[TEST])
      check(`${name}: helm test`, wrongInTest(document, workload));
    check(`${name}: ${document.kind} of files`, copied(document));
  }
  const references =
    JSON.stringify(workload).match(/"secret(Name|KeyRef)":("[^"]*"|\{[^}]*\})/g) ?? [];
  const secret = documents.length && mergedValues("-f", valuesFile(name)).basicAuth.existingSecret;
  check(
    `${name}: its Secret`,
    references.filter((one) => !secret || !one.includes(`"${secret}"`)),
  );
  const extra = container.args.slice(3);
  const verdict = inForce(config, extra, environmentOf(container));
  check(
    `${name}: querent check`,
    verdict.status === 0 && !verdict.error
      ? ""
      : `exit ${verdict.status}: ${verdict.error}\n${config}`,
  );
  check(
    `${name}: in force`,
    (differences[name]?.["in force"] ?? [])
      .filter((lines) => !verdict.out.includes(lines))
      .map((lines) => `not said by querent check:\n${lines}\nbut:\n${verdict.out}`),
  );
}

if (update) for (const file of readdirSync(GOLDEN)) rmSync(`${GOLDEN}/${file}`);
const isGolden = (name) => !(name in differences);
// Those first: the others are compared with them.
for (const name of cases().sort((a, b) => isGolden(b) - isGolden(a))) {
  const values = ["-f", valuesFile(name)];
  const linted = helm("lint", CHART, ...values);
  check(`${name}: helm lint`, linted.status === 0 ? "" : linted.out + linted.error);
  check(
    `${name}: the schema`,
    schemaErrors(mergedValues(...values)).map(({ message }) => message),
  );
  const rendered = render(CHART, ...values);
  if (rendered.status !== 0) {
    check(`${name}: helm template`, rendered.error);
    continue;
  }
  if (isGolden(name)) golden(`${name}.yaml`, canonical(rendered.out));
  else check(`${name} differs as it did`, unexpected(name, rendered.out));
  const file = `${SCRATCH}/rendered.yaml`;
  writeFileSync(file, rendered.out);
  const validated = run("k8s-validate", [file]);
  const skipped = validated.out
    .split("\n")
    .filter(
      (line) => line.startsWith("skipped:") && !line.startsWith("skipped: monitoring.coreos.com/"),
    );
  check(
    `${name}: k8s-validate`,
    validated.status === 0 ? skipped : validated.out + validated.error,
  );
  inspect(name, rendered.out);
}
const known = readdirSync(VALUES).map((file) => file.slice(0, -5));
check(
  "every golden file and every difference is of a file of values",
  [...readdirSync(GOLDEN).map((file) => file.slice(0, -5)), ...Object.keys(differences)].filter(
    (name) => !known.includes(name),
  ),
);
check(
  `at most ${MOST_GOLDEN} renderings are golden`,
  known.filter(isGolden).length > MOST_GOLDEN ? `${known.filter(isGolden)}` : "",
);

// Whatever the release is called: a Service's name is a label of DNS that begins with a letter.
const namesOf = (release) =>
  documentsIn(helm("template", release, CHART, "-f", valuesFile("service-monitor")).out)
    .filter(({ kind }) => kind === "Service")
    .map(({ metadata }) => metadata.name);
const releases = [
  ["net", "net-querent"],
  ["querent", "querent"],
  ["my.rel", "my-rel-querent"],
  ["123", "querent-123"],
  ["1.querent", "querent-1-querent"],
  [`${"a".repeat(51)}.b`, "a".repeat(51)],
  [`9${"a".repeat(42)}.b`, `querent-9${"a".repeat(42)}`],
];
for (const [release, name] of !ONLY || ONLY === "service-monitor" ? releases : [])
  check(
    `the Service of ${release}`,
    String(namesOf(release)) === name ? "" : `${namesOf(release)}, not ${name}`,
  );

// A change of the configuration restarts the pods, another one does not.
const sumOf = (values) =>
  workloadOf(documentsIn(render(CHART, "-f", written(values)).out)).spec.template.metadata
    .annotations["checksum/config"];
const plain = sumOf({ interfaces: ["eth1"] });
check(
  "another configuration is another checksum",
  plain === sumOf({ interfaces: ["eth2"] }) ? "same" : "",
);
check(
  "the same configuration is the same checksum",
  plain === sumOf({ interfaces: ["eth1"], commonLabels: { a: "b" } }) ? "" : "another",
);
check(
  "--set interfaces={eth1} is the shortest way",
  render(CHART, "--set", "interfaces={eth1}").out === render(CHART, "-f", valuesFile("minimum")).out
    ? ""
    : "it is not that of minimum.yaml",
);
finish();
