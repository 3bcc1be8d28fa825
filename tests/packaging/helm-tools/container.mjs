// What Kubernetes makes of a rendered chart, for a machine without it: container.mjs RENDERED DIR
// lays the files that it would mount into DIR, and prints as JSON what it would run and ask.
// DIR/secret/KEY are the Secret's.
import { mkdirSync, writeFileSync } from "node:fs";
import { configOf, documentsIn, read, workloadOf } from "./lib.mjs";

const [rendered, dir] = process.argv.slice(2);
const documents = documentsIn(read(rendered));
const {
  volumes,
  containers: [container],
} = workloadOf(documents).spec.template.spec;
const secret = (key) => read(`${dir}/secret/${key}`).trimEnd();

const contents = {
  config: { "querent.toml": configOf(documents) },
  auth: Object.fromEntries(
    (volumes.find(({ name }) => name === "auth")?.secret.items ?? []).map(({ key, path }) => [
      path,
      `${secret(key)}\n`,
    ]),
  ),
};
// Where something is mounted, under DIR, also where the file says so.
const moved = (text) =>
  container.volumeMounts.reduce(
    (so, { mountPath }) => so.replaceAll(`${mountPath}/`, `${dir}${mountPath}/`),
    text,
  );
for (const { name, mountPath } of container.volumeMounts) {
  mkdirSync(`${dir}${mountPath}`, { recursive: true });
  for (const [file, text] of Object.entries(contents[name]))
    writeFileSync(`${dir}${mountPath}/${file}`, moved(text));
}

function environmentOf({ env = [] }) {
  const said = {};
  for (const { name, value, valueFrom } of env) {
    said[name] = valueFrom
      ? secret(valueFrom.secretKeyRef.key)
      : value.replace(/\$\((\w+)\)/g, (all, other) => said[other] ?? all);
  }
  return Object.entries(said).map(([name, value]) => `${name}=${moved(value)}`);
}

const test = documents.find(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
const [testContainer] = test.spec.containers;
const { startupProbe, livenessProbe, readinessProbe } = container;
console.log(
  JSON.stringify({
    run: container.args.map(moved),
    env: environmentOf(container),
    port: container.ports[0].containerPort,
    probes: { startupProbe, livenessProbe, readinessProbe },
    test: testContainer.args,
    testEnv: environmentOf(testContainer),
  }),
);
