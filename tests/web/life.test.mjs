// The page while time goes by: news, countdowns, a daemon that dies, comes back or refuses.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Fixture } from "./fixture.mjs";
import { PAGE, failing, groupsThere, launch, open, says, staged, text } from "./browser.mjs";
import * as worlds from "./worlds.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const NEXT = ".segment .gauge .after b";
const seconds = async (page) => {
  const said = await text(page, NEXT);
  const [, value] = /^in (\d+) s$/.exec(said) ?? assert.fail(`the countdown says "${said}"`);
  return Number(value);
};
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });
const ids = (page) => page.locator("#event-list li").evaluateAll((items) =>
  items.map((item) => Number(item.dataset.id)));
const STATUS = "/api/v1/status";

// No age and no countdown is shown as if it were true.
async function tellsNoTime(page) {
  assert.match(await text(page, NEXT), /^unknown$/);
  assert.match(await text(page, ".segment .gauge .before b"), /^unknown$/);
  const rows = await page.locator("#group-rows").evaluate((body) =>
    [...body.querySelectorAll(".c-report, .c-expires b")].map((cell) => cell.textContent));
  assert.ok(rows.length > 0);
  assert.deepEqual([...new Set(rows)], ["unknown"]);
  const facts = await page.locator(".segment dl").first().textContent();
  assert.match(facts, /In this state forunknown/);
  assert.doesNotMatch(await text(page, "#about"), /up for/);
  assert.equal(await page.locator("body").getAttribute("data-level"), "unknown");
  assert.match(await page.title(), /^Stale/);
}

describe("live", { concurrency: 4 }, () => {
  it("another state, querier, group and event come by themselves", () =>
    staged(browser, worlds.oneLink(), {}, async (page, fixture) => {
      await groupsThere(page, 12);
      await says(page, "#guard", /^This querent guards it, as 192\.168\.1\.5\.$/);
      assert.deepEqual(await ids(page), [6, 5, 4, 3, 2, 1]);
      const world = worlds.oneLink();
      world.interfaces = [worlds.link("eth0", [worlds.segment("non_querier")])];
      world.groups = worlds.groups(13);
      world.events = worlds.events(8);
      fixture.become(world);
      await says(page, "#guard", /^192\.168\.1\.2 \(52:54:00:12:34:02\) guards it; .*stands by/, 6000);
      await says(page, ".segment .role", /standby/);
      await says(page, ".segment .after", /^takeover in/);
      await says(page, "#groups-note", /complete only while we are the querier/);
      await groupsThere(page, 13);
      assert.deepEqual(await ids(page), [8, 7, 6, 5, 4, 3, 2, 1]);
      fixture.become(worlds.alarmed(["loop"]));
      await says(page, "#alarm-list", /Our own queries come back/, 6000);
      fixture.become(worlds.oneLink());
      await says(page, "#headline", /^Multicast is safe\.$/, 6000);
      await says(page, "#no-alarms", /None/);
      const paths = fixture.requests.filter((url) => url.startsWith("/api/v1/events"));
      assert.equal(paths[0], "/api/v1/events?since=0");
      assert.equal(paths.at(-1), "/api/v1/events?since=8");
    }));

  it("countdowns move between polls, and ages", () =>
    staged(browser, worlds.oneLink(), failing, async (page, fixture) => {
      await groupsThere(page, 12);
      fixture.modes[STATUS] = "hang";
      await sleep(300);
      const started = Date.now();
      const first = await seconds(page);
      assert.ok(first <= 41, `in ${first} s`);
      const rows = await text(page, "#group-rows .c-expires b >> nth=0");
      await sleep(2100);
      const second = await seconds(page);
      const gone = (Date.now() - started) / 1000;
      assert.ok(Math.abs(first - second - gone) < 1.8 && first - second >= 1,
                `in ${first} s, then ${gone} s later in ${second} s`);
      assert.notEqual(await text(page, "#group-rows .c-expires b >> nth=0"), rows);
      assert.match(await text(page, ".segment .gauge .before b"), /^\d+ s ago$/);
    }));

  it("a hidden page asks nothing, and asks at once when it is seen", () =>
    staged(browser, worlds.oneLink(), {}, async (page, fixture) => {
      await groupsThere(page, 12);
      const turn = (hidden) => page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
      await turn(true);
      const asked = fixture.requests.length;
      await sleep(2600);
      assert.equal(fixture.requests.length, asked);
      fixture.become(worlds.alarmed(["loop"]));
      await turn(false);
      await says(page, "#alarm-list", /Our own queries come back/, 3000);
    }));

  it("many events: 30 first, then all; those lost are counted", () =>
    staged(browser, worlds.manyLinks(), {}, async (page, fixture) => {
      await says(page, "#events-more", /^Show all 80$/);
      assert.equal((await ids(page)).length, 30);
      await page.locator("#events-more").focus();
      await page.keyboard.press("Enter");
      assert.equal((await ids(page)).length, 80);
      assert.equal(await page.evaluate(() => document.activeElement.dataset.id), "50");
      fixture.become({ ...worlds.manyLinks(), events: worlds.events(1580) });
      await says(page, "#events-note", /500 events came too fast to be shown/);
      assert.deepEqual((await ids(page)).slice(0, 3), [1580, 1579, 1578]);
      assert.equal((await ids(page)).length, 1000);
    }));
});

describe("a daemon that is not well", { concurrency: 4 }, () => {
  it("dies: stale, with the time; comes back: all is known again", () =>
    staged(browser, worlds.oneLink(), failing, async (page, fixture) => {
      await groupsThere(page, 12);
      await fixture.die();
      const died = Date.now();
      await says(page, "#stale", /^Stale: no answer since \d\d:\d\d:\d\d\.$/);
      assert.ok(Date.now() - died < 6000, "within two polls");
      await says(page, "#headline", /^Not known any more: querent does not answer\.$/);
      await says(page, "#guard", /cannot be reached\. What it said last: Multicast is safe\./);
      const [, hour, minute, second] = /(\d\d):(\d\d):(\d\d)/.exec(await text(page, "#stale"));
      const then = new Date().setHours(hour, minute, second);
      assert.ok(Math.abs(died - then) < 5000, "the time of the last answer");
      await tellsNoTime(page);
      await sleep(2500);
      await tellsNoTime(page);
      await fixture.restart();
      await says(page, "#headline", /^Multicast is safe\.$/, 6000);
      assert.ok(!await page.locator("#stale").isVisible());
      assert.match(await text(page, NEXT), /^in \d+ s$/);
      await says(page, "#group-rows .c-expires b", /\d+ s/);
    }));

  it("hangs: stale as well", () =>
    staged(browser, worlds.oneLink(), failing, async (page, fixture) => {
      await groupsThere(page, 12);
      fixture.mode = "hang";
      await says(page, "#stale", /^Stale: no answer since \d\d:\d\d:\d\d\.$/);
      await says(page, "#guard", /No answer within 5 s/, 6000);
      await tellsNoTime(page);
    }));

  it("its groups alone fail: the table is stale and says so", () =>
    staged(browser, worlds.oneLink(), failing, async (page, fixture) => {
      await groupsThere(page, 12);
      fixture.modes["/api/v1/groups"] = 500;
      await says(page, "#groups-stale", /^Stale: this table is that of \d\d:\d\d:\d\d\. .*HTTP 500/);
      await says(page, "#headline", /^Multicast is safe\.$/);
      assert.equal(await text(page, "#group-rows .c-expires b >> nth=0"), "unknown");
      delete fixture.modes["/api/v1/groups"];
      await says(page, "#group-rows .c-expires b", /\d+ s/);
      assert.ok(!await page.locator("#groups-stale").isVisible());
    }));

  const WORDS = {
    401: /It wants a user name and a password \(401\)/,
    503: /The process is there, but its loop does not answer \(503\): the loop is busy/,
    500: /It refused with HTTP 500: the loop is busy/,
    429: /It refused with HTTP 429/,
    nonsense: /What it answered cannot be understood/,
  };
  for (const [mode, words] of Object.entries(WORDS)) {
    it(`answers ${mode}: in words`, () =>
      staged(browser, worlds.oneLink(), failing, async (page, fixture) => {
        await groupsThere(page, 12);
        fixture.mode = Number(mode) || mode;
        await says(page, "#guard", words);
        await says(page, "#stale", /^Stale/);
        await tellsNoTime(page);
      }));
  }

  for (const mode of [401, 503]) {
    it(`answers ${mode} from the first question on`, async () => {
      const fixture = await new Fixture(PAGE, worlds.oneLink()).start();
      fixture.mode = mode;
      const { page, close } = await open(browser, `${fixture.origin}/`, failing);
      await says(page, "#stale", /^No answer since this page was opened at \d\d:\d\d:\d\d\.$/);
      await says(page, "#headline", /^Not known: querent does not answer\.$/);
      await says(page, "#guard", WORDS[mode]);
      if (mode === 503) {
        fixture.mode = "ok";
        await says(page, "#headline", /^Multicast is safe\.$/);
        await groupsThere(page, 12);
      } else {
        await sleep(4500);
        const asked = fixture.requests.filter((path) => path === STATUS).length;
        const most = 1 + (Date.now() - fixture.started) / 9000;
        assert.ok(asked <= most, `${asked} questions: it asks for the password too often`);
      }
      await close();
      await fixture.die();
    });
  }

  it("a user and a password, of the browser or in the address", async () => {
    const fixture = await new Fixture(PAGE, worlds.oneLink()).start();
    fixture.user = "me:secret";
    const known = await open(browser, `${fixture.origin}/`,
                             { ...failing, httpCredentials: { username: "me", password: "secret" } });
    await groupsThere(known.page, 12);
    await known.close();
    const inside = await open(browser, `http://me:secret@127.0.0.1:${fixture.port}/`, failing);
    await groupsThere(inside.page, 12);
    await inside.close();
    await fixture.die();
  });
});

describe("a restart", { concurrency: 2 }, () => {
  it("with another instance: events start anew, and it is said", () =>
    staged(browser, { ...worlds.oneLink(), events: worlds.events(40) }, failing,
           async (page, fixture) => {
      await says(page, "#events-more", /^Show all 40$/);
      await fixture.die();
      await says(page, "#stale", /^Stale/);
      assert.equal((await ids(page))[0], 40);
      const again = worlds.events(2).map((event) => ({ ...event, text: `anew ${event.id}` }));
      await fixture.restart({ ...worlds.oneLink(), events: again });
      await says(page, "#events-note", /querent was restarted; seen at \d\d:\d\d:\d\d/);
      await says(page, "#event-list", /anew 2.*anew 1/);
      assert.deepEqual(await ids(page), [2, 1]);
      assert.match(await text(page, "#event-list li >> nth=0"), /anew 2/);
      assert.ok(!await page.locator("#events-more").isVisible());
      fixture.become({ ...worlds.oneLink(), events: [...again, ...worlds.events(3).slice(2)] });
      await page.waitForFunction(() => document.querySelectorAll("#event-list li").length === 3);
    }));

  it("so quick that no answer fails, with as many events as before", () =>
    staged(browser, worlds.oneLink(), {}, async (page, fixture) => {
      await groupsThere(page, 12);
      assert.deepEqual(await ids(page), [6, 5, 4, 3, 2, 1]);
      fixture.instance = "another";
      const again = worlds.events(9).map((event) => ({ ...event, text: `anew ${event.id}` }));
      fixture.become({ ...worlds.oneLink(), events: again });
      await says(page, "#events-note", /querent was restarted/);
      await says(page, "#event-list", /anew 9.*anew 1/s);
      assert.deepEqual(await ids(page), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
      assert.doesNotMatch(await text(page, "#event-list"), /election/);
    }));
});
