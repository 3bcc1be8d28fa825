// A daemon that only talks: serves the page, and a world (worlds.mjs) by the contract of docs/api.md.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { movedOn } from "./worlds.mjs";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "connect-src 'self'; img-src data:";

export class Fixture {
  constructor(page, world) {
    this.html = readFileSync(page);
    this.requests = [];
    this.instances = 0;
    this.mode = "ok";  // or 401, 503, 500, "hang", "nonsense"; also by path in `modes`
    this.modes = {};
    this.user = null;  // "name:password"
    this.become(world);
  }

  // Another world, as if all of it had just been so.
  become(world) {
    this.world = world;
    this.at = Date.now();
  }

  // A test that changes the world waits for the page to have seen it, not for a time.
  async start(port = 0) {
    this.instances += 1;
    this.instance = `f3b09a${this.instances}`;
    this.started = Date.now();
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.server.unref();  // what a failed test leaves must not keep the process
    this.port = this.server.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async die() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  async restart(world = this.world) {
    this.become(world);
    await this.start(this.port);
  }

  answer(request, response) {
    const url = new URL(request.url, this.origin);
    this.requests.push(request.url);
    const mode = this.modes[url.pathname] ?? (url.pathname === "/" ? "ok" : this.mode);
    if (mode === "hang") return;
    if (typeof mode === "number") return send(response, mode, { error: "the loop is busy" });
    if (this.user && request.headers.authorization !==
        `Basic ${Buffer.from(this.user).toString("base64")}`) {
      response.setHeader("WWW-Authenticate", 'Basic realm="querent"');
      send(response, 401, { error: "a user name and a password are needed" });
      return;
    }
    if (mode === "nonsense") {
      response.setHeader("Content-Type", "application/json");
      response.end('{"version": "0.1.');
      return;
    }
    if (url.pathname === "/") {
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.end(this.html);
      return;
    }
    const made = { "/api/v1/status": () => this.status(), "/api/v1/groups": () => this.groups(url),
                   "/api/v1/events": () => this.events(url) }[url.pathname];
    if (made) send(response, 200, made());
    else send(response, 404, { error: `there is no ${url.pathname}` });
  }

  seconds() { return (Date.now() - this.at) / 1000; }

  status() {
    const { healthy, ready, reasons, interfaces } = this.world;
    return {
      version: "0.1.0", commit: "348a48110000", instance: this.instance,
      time: new Date().toISOString(), started: new Date(this.started - 86400e3).toISOString(),
      uptime_s: 86400 + (Date.now() - this.started) / 1000, healthy, ready, reasons,
      state_words: { non_querier: "standby", no_address: "no address", passive: "listening only" },
      interfaces: movedOn(interfaces, this.seconds()),
    };
  }

  groups(url) {
    const key = (group) => `${group.interface}/${group.family}/${group.group}`;
    const limit = Number(url.searchParams.get("limit") ?? 1000);
    const after = url.searchParams.get("after");
    const all = this.world.groups;
    const first = after === null ? 0 : all.findIndex((group) => key(group) === after) + 1;
    const page = all.slice(first, first + limit);
    return { groups: movedOn(page, this.seconds()), total: all.length,
             after: first + limit < all.length ? key(page[page.length - 1]) : null };
  }

  events(url) {
    const all = this.world.events;
    const since = Number(url.searchParams.get("since") ?? 0);
    return { instance: this.instance, events: all.filter(({ id }) => id > since).slice(-1000),
             last: all[all.length - 1]?.id ?? 0, first: all[0]?.id ?? 0 };
  }
}

function send(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(value));
}
