// How the page looks and reads, in every state that a daemon may be in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { failing, groupsThere, launch, says, staged, text } from "./browser.mjs";
import * as worlds from "./worlds.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [360, 1440];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const view = (width) =>
  ({ colorScheme: "light", viewport: { width, height: width === 360 ? 760 : 900 } });

async function fitsAcross(page) {
  const found = await page.evaluate(() => {
    scrollTo(100, scrollY);
    const moved = scrollX;
    scrollTo(0, scrollY);
    const wide = [...document.querySelectorAll("body *")].filter((element) =>
      !element.closest("#scroller *, .hidden, svg") && element.checkVisibility()
        && element.getBoundingClientRect().right > innerWidth + 1);
    const name = ({ tagName, className, id }) => `${tagName}.${className}#${id}`;
    return { moved, width: document.documentElement.scrollWidth - innerWidth,
             wide: wide.slice(0, 5).map(name) };
  });
  assert.equal(found.moved, 0, `it scrolls sideways: ${found.wide}`);
  assert.ok(found.width <= 0, `it is ${found.width} px too wide: ${found.wide}`);
}

// In colours that are not the first only their contrast is new.
async function axeIsContent(page, rules = null) {
  const violations = await page.evaluate(async (only) => {
    const result = await globalThis.axe.run(document, { resultTypes: ["violations"],
      ...(only && { runOnly: { type: "rule", values: only } }) });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map((node) =>
      `${node.target} ${node.failureSummary}`).join("; ")}`);
  }, rules);
  assert.deepEqual(violations, []);
}

const openAll = (page) => page.evaluate(() => {
  for (const details of [...document.querySelectorAll("details")].slice(0, 4)) details.open = true;
});

const STATES = {
  healthy: worlds.healthyLink,
  alarms: () => worlds.alarmed(["address_conflict", "loop", "malformed"]),
  none: worlds.noLinks,
  "20 links": worlds.manyLinks,
  stale: worlds.healthyLink,
};

describe("the page in each state", { concurrency: 3 }, () => {
  for (const [name, make] of Object.entries(STATES)) {
    for (const width of WIDTHS) {
      it(`${name}, ${width} px: fits, and is accessible in both colours`, async () => {
        const world = make();
        const options = { ...view(width), ...(name === "stale" ? failing : {}) };
        await staged(browser, world, options, async (page, fixture) => {
          await groupsThere(page, world.groups.length);
          await openAll(page);
          if (world.groups.length) await page.locator("#group-rows button").first().click();
          if (name === "stale") {
            await fixture.die();
            await says(page, "#stale", /^Stale: no answer since \d\d:\d\d:\d\d\.$/);
          }
          await fitsAcross(page);
          await page.evaluate(AXE);
          await axeIsContent(page);
          const colours = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          const light = await colours();
          await page.emulateMedia({ colorScheme: "dark" });
          assert.notEqual(await colours(), light);
          await page.evaluate(() => new Promise((done) => { setTimeout(done, 500); }));
          await axeIsContent(page, ["color-contrast", "link-in-text-block"]);
          await fitsAcross(page);
        });
      });
    }
  }
});

const documented = [...readFileSync(process.env.API_DOCUMENT ?? "../../docs/api.md", "utf8")
  .matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \| (error|warning)/gm)]
  .flatMap(([, ids, severity]) => [...ids.matchAll(/`([a-z_]+)`/g)].map(([, id]) => [id, severity]));

describe("alarms", { concurrency: 3 }, () => {
  it("are all known here", () => {
    assert.ok(documented.length >= 15, `${documented.length} are documented`);
    assert.deepEqual(documented.map(([id]) => id).sort(), Object.keys(worlds.ALARMS).sort());
  });

  it("each tells its text and its advice, errors first", () =>
    staged(browser, worlds.alarmed(documented.map(([id]) => id)), view(360), async (page) => {
      for (const [id, severity] of documented) {
        const shown = page.locator(`#alarm-list li[data-id="${id}"]`);
        const [, said, advice] = worlds.ALARMS[id];
        assert.equal(await text(shown, ".text"), said);
        assert.equal(await text(shown, ".advice"), `What to do: ${advice}`);
        assert.equal(await shown.getAttribute("data-severity"), severity);
        assert.equal((await text(shown, ".tag")).toLowerCase(), severity);
        assert.match(await text(shown, ".where"), /eth0 IPv4/);
      }
      const severities = await page.locator("#alarm-list li").evaluateAll((items) =>
        items.map((item) => item.dataset.severity));
      assert.equal(severities.length, documented.length);
      assert.deepEqual(severities, [...severities].sort());
      await says(page, "#count-alarms", new RegExp(`^${documented.length}\\s+alarms$`));
      assert.ok(!await page.locator("#no-alarms").isVisible());
      await fitsAcross(page);
    }));

  const VERDICTS = { loop: ["danger", /at risk on eth0/], malformed: ["warning", /safe, with a warning/],
                     no_querier: ["danger", /not safe: nobody guards it/] };
  for (const [id, [level, words]] of Object.entries(VERDICTS)) {
    it(`${id} alone decides the verdict: ${level}`, async () => {
      const world = worlds.alarmed([id]);
      if (id === "no_querier") world.interfaces[0].segments[0].querier = null;
      await staged(browser, world, {}, async (page) => {
        await says(page, "#headline", words);
        assert.equal(await page.locator("body").getAttribute("data-level"), level);
        await says(page, "#count-alarms", /^1\s+alarm$/);
      });
    });
  }

  it("of both families in the same words are one", async () => {
    const world = worlds.oneLink();
    world.interfaces[0].segments = ["ipv4", "ipv6"].map((family) =>
      worlds.segment("querier", family, { alarms: [worlds.alarm("loop")] }));
    await staged(browser, world, {}, async (page) => {
      await says(page, "#alarm-list .where", /eth0 IPv4 and IPv6/);
      assert.equal(await page.locator("#alarm-list li").count(), 1);
    });
  });

  it("reasons for not being healthy or ready are told", async () => {
    const world = { ...worlds.oneLink(), ready: false, reasons: ["eth0 ipv4: nobody asks"] };
    await staged(browser, world, {}, async (page, fixture) => {
      await says(page, "#alarm-list", /Not ready.*nobody asks/);
      await says(page, "#headline", /not ready/);
      fixture.become({ ...world, healthy: false, reasons: ["the loop does not answer"] });
      await says(page, "#alarm-list", /Not well.*the loop does not answer/);
      await says(page, "#headline", /at risk/);
    });
  });
});

describe("interfaces", { concurrency: 2 }, () => {
  it("none", () => staged(browser, worlds.noLinks(), {}, async (page) => {
    await says(page, "#headline", /No interface: nothing is guarded/);
    await says(page, "#no-links", /There is no interface/);
    await says(page, "#no-groups", /No group has been reported yet/);
    await says(page, "#events-shown", /none yet/);
    assert.equal(await page.locator(".card").count(), 0);
    assert.match(await page.title(), /No interface/);
  }));

  it("one that is well", () => staged(browser, worlds.healthyLink(), {}, async (page) => {
    await says(page, "#headline", /^Multicast is safe\.$/);
    await says(page, "#guard", /IPv4 on eth0 is guarded by this querent/);
    await says(page, "#count-segments", /2\/2/);
    await says(page, "#no-alarms", /None/);
    assert.match(await page.title(), /^Safe/);
    await says(page, '.segment[aria-label="eth0 IPv6"] .role', /^standby$/);
    await says(page, '.segment[aria-label="eth0 IPv6"] .after', /takeover in 1 min 3\d s/);
    const strip = page.locator(".segment svg").first();
    assert.match(await strip.getAttribute("aria-label"), /1 election.*standby, then querier/);
  }));

  it("20, those in trouble first, each reached from its tile", () =>
    staged(browser, worlds.manyLinks(), {}, async (page) => {
      const names = await page.locator(".card h3").allInnerTexts();
      assert.equal(names.length, 20);
      assert.deepEqual(names.slice(0, 3), ["eth0.17", "eth0.22", "eth0.25"]);
      assert.deepEqual([...names].sort(), Array.from({ length: 20 }, (_, n) => `eth0.${10 + n}`));
      assert.equal(await page.locator("#tiles a").count(), 20);
      await says(page, "#headline", /not safe on eth0\.17/);
      await says(page, "#count-segments", /38\/40/);
      assert.match(await page.locator("#tiles a", { hasText: "eth0.22" }).textContent(),
                   /IPv4 at risk and IPv6 guarded/);
      await page.locator("#tiles a", { hasText: "eth0.29" }).click();
      const focused = await page.evaluate(() =>
        document.activeElement.querySelector("h3")?.textContent);
      assert.equal(focused, "eth0.29");
      await page.waitForFunction(() => {
        const { top } = document.activeElement.getBoundingClientRect();
        return top >= 0 && top < innerHeight;
      });
    }));

  it("20 that are well", () =>
    staged(browser, worlds.manyLinks({ troubled: false }), {}, async (page) => {
      await says(page, "#headline", /^Multicast is safe\.$/);
      await says(page, "#count-segments", /40\/40/);
    }));

  const BROKEN = { missing: "There is no interface eth0", down: "has no carrier",
                   failed: "belongs to br0 (bridge): name br0 instead" };
  for (const [state, reason] of Object.entries(BROKEN)) {
    it(`one that is ${state}`, async () => {
      const world = worlds.oneLink();
      world.interfaces = [worlds.link("eth0", [worlds.segment(state)], { state, reason })];
      await staged(browser, world, {}, async (page) => {
        await says(page, "#headline", /nobody guards it/);
        assert.ok((await text(page, ".card header .state")).includes(reason));
        assert.equal(await text(page, ".segment .who"), "Nobody asks");
      });
    });
  }
});

const LONG = "x".repeat(300);
const HITS = ['<img src="x" onerror="hit(1)">', "</script><script>hit(1)</script>",
              "<svg onload=hit(1)>", "<iframe srcdoc='<script>parent.hit(1)</script>'>",
              "\"'><b onmouseover=hit(1)>&lt;&amp;", "</style><style>*{display:none}</style>",
              "javascript:hit(1)", "{{7*7}}${7*7}"];

function hostileWorld(hit) {
  const world = worlds.alarmed(["loop"]);
  const [link] = world.interfaces;
  const [segment] = link.segments;
  Object.assign(link, { name: hit, state: "down", reason: hit });
  Object.assign(segment, { reason: hit, state: "failed", source: hit });
  Object.assign(segment.querier, { address: hit, mac: hit });
  segment.last_competitor = { address: hit, mac: hit, heard_ago_s: 3 };
  segment.counters.queries_rejected = { [hit]: 3 };
  segment.counters.malformed = { [hit]: 3 };
  Object.assign(segment.alarms[0], { id: hit, text: hit, advice: hit });
  world.groups = [0, 1].map((index) => worlds.group(index, {
    name: hit, interface: hit, mode: hit, last_reporter: { address: hit, mac: hit },
    sources: [{ address: hit, expires_in_s: 5 }], sources_total: 1,
    hosts: [{ address: hit, mac: hit, last_report_ago_s: 1 }], hosts_total: 1 }));
  world.groups[1].group = hit;
  world.events = ["info", hit].map((level, index) => ({ id: index + 1, time: index ? hit
    : new Date().toISOString(), level, event: hit, interface: hit, family: hit, text: hit }));
  return { ...world, healthy: false, ready: false, reasons: [hit] };
}

describe("text from outside", { concurrency: 3 }, () => {
  const texts = { "that is markup stays text": HITS.join(" "), "may be long": LONG,
                  "that ends elements stays text": HITS[1] + HITS[5] };
  for (const [name, hit] of Object.entries(texts)) {
    it(name, () =>
      staged(browser, hostileWorld(hit), view(360), async (page) => {
        await groupsThere(page, 2);
        await page.evaluate(() => { globalThis.hits = 0; globalThis.hit = () => { hits += 1; }; });
        await page.locator("#group-rows button").first().click();
        await openAll(page);
        for (const where of ["#alarm-list .text >> nth=0", "#alarm-list .advice >> nth=0",
                             "#alarm-list .text >> nth=1", ".card h3", ".card header .state",
                             ".segment .reason", ".segment .who", "#event-list .text >> nth=0",
                             "#event-list .where >> nth=0", "#detail-title", "#detail-body",
                             "#group-rows .c-name >> nth=0", "#group-rows .c-interface >> nth=0"]) {
          const said = await page.locator(where).textContent();
          assert.ok(said.includes(hit), `${where}: ${said}`);
        }
        const shape = await page.evaluate(() => ({
          foreign: document.querySelectorAll("img, iframe, object, embed, [onerror], [onload], " +
            "[onmouseover], svg svg, a[href^='javascript:']").length,
          scripts: document.scripts.length, sheets: document.styleSheets.length, hits }));
        assert.deepEqual(shape, { foreign: 0, scripts: 1, sheets: 1, hits: 0 });
        await fitsAcross(page);
      }));
  }
});
