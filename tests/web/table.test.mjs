// The table of groups, with the mouse, the keyboard, and 5,000 rows.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { groupsThere, launch, says, staged } from "./browser.mjs";
import * as worlds from "./worlds.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const COLUMNS = ["name", "group", "interface", "mode", "hosts", "sources", "version", "report",
                 "expires"];

const cells = (page, column) => page.locator(`#group-rows td.c-${column}`).evaluateAll((found) =>
  found.map((cell) => (cell.querySelector("button, .tag, b") ?? cell).textContent));

const sorts = (page) => page.locator("#group-head th").evaluateAll((found) =>
  Object.fromEntries(found.filter((cell) => cell.hasAttribute("aria-sort"))
    .map((cell) => [cell.className.replace("c-", ""), cell.getAttribute("aria-sort")])));

const frame = (page) => page.evaluate(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
}));

const focused = (page) => page.evaluate(() => {
  const { tagName, id, className, textContent } = document.activeElement;
  return { tag: tagName, id, class: className, text: textContent.slice(0, 60) };
});

function small() {
  const name = (index, changes) => worlds.group(index, { sources: [], sources_total: 0, ...changes });
  return { ...worlds.oneLink(), groups: [
    name(1, { group: "239.0.0.10", name: "beta", version: 2, hosts_total: 0, mode: "exclude",
              last_report_ago_s: 40, expires_in_s: 90 }),
    name(2, { group: "239.0.0.9", name: "Alpha", version: 3, hosts_total: 10, mode: "include",
              last_report_ago_s: 5, expires_in_s: 125, sources_total: 2 }),
    name(3, { group: "239.0.0.100", name: null, version: 1, hosts_total: 9, mode: "exclude",
              last_report_ago_s: 100, expires_in_s: 30 }),
    name(4, { group: "ff3e::8000:1", family: "ipv6", name: "gamma", version: 2, hosts_total: 1,
              mode: "exclude", last_report_ago_s: 20, expires_in_s: null, interface: "eth1" }),
    name(5, { group: "ff02::fb", family: "ipv6", name: "mDNS", version: 1, hosts_total: 1,
              mode: "exclude", last_report_ago_s: 21, expires_in_s: 110, interface: "eth1",
              link_local: true }),
  ] };
}

// By column: the groups in ascending order (by the last part of the address).
const ORDERS = {
  name: ["9", "10", "1", "fb", "100"],
  group: ["9", "10", "100", "fb", "1"],
  interface: ["9", "10", "100", "fb", "1"],
  mode: ["10", "100", "fb", "1", "9"],
  hosts: ["10", "fb", "1", "100", "9"],
  sources: ["10", "100", "fb", "1", "9"],
  version: ["100", "fb", "10", "1", "9"],
  report: ["9", "1", "fb", "10", "100"],
  expires: ["100", "10", "fb", "9", "1"],
};

const shortened = async (page) => (await cells(page, "group")).map((address) =>
  address.split(/[.:]/).pop());

describe("sorting", { concurrency: 3 }, () => {
  it("by mouse, each column both ways, with aria-sort", () =>
    staged(browser, small(), {}, async (page) => {
      await groupsThere(page, 5);
      assert.deepEqual(await sorts(page), { group: "ascending" });
      for (const column of [...COLUMNS.filter((one) => one !== "group"), "group"]) {
        const button = page.locator(`#group-head .c-${column} button`);
        await button.click();
        assert.deepEqual(await sorts(page), { [column]: "ascending" });
        assert.deepEqual(await shortened(page), ORDERS[column], column);
        await button.click();
        assert.deepEqual(await sorts(page), { [column]: "descending" });
        const values = await shortened(page);
        if (["group", "report"].includes(column)) {
          assert.deepEqual(values, [...ORDERS[column]].reverse(), column);
        }
        if (column === "name") assert.deepEqual(values, ["fb", "1", "10", "9", "100"]);
      }
    }));

  it("by keyboard, Enter and Space", () => staged(browser, small(), {}, async (page) => {
    await groupsThere(page, 5);
    await page.locator("#filter").focus();
    await page.keyboard.press("Tab");  // the table, which scrolls
    assert.equal((await focused(page)).id, "scroller");
    await page.keyboard.press("Tab");
    assert.equal((await focused(page)).text, "Name");
    await page.keyboard.press("Enter");
    assert.deepEqual(await sorts(page), { name: "ascending" });
    await page.keyboard.press("Space");
    assert.deepEqual(await sorts(page), { name: "descending" });
    assert.equal((await focused(page)).text, "Name");
    for (let column = 1; column < COLUMNS.length; ++column) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.deepEqual(await sorts(page), { expires: "ascending" });
    assert.deepEqual(await shortened(page), ORDERS.expires);
  }));

  it("stays as it is when the groups come anew, and so does the focus", () =>
    staged(browser, small(), {}, async (page, fixture) => {
      await groupsThere(page, 5);
      await page.locator("#group-head .c-report button").click();
      await page.locator("#group-rows button", { hasText: "239.0.0.100" }).focus();
      const world = small();
      world.groups[2].last_report_ago_s = 0;
      world.groups[1].last_report_ago_s = 99;
      fixture.become(world);
      await page.waitForFunction(() =>
        document.querySelector("#group-rows button")?.textContent === "239.0.0.100", null,
                                 { timeout: 9000 });
      assert.equal((await focused(page)).text, "239.0.0.100");
      assert.deepEqual(await sorts(page), { report: "ascending" });
    }));
});

describe("filtering", { concurrency: 3 }, () => {
  const find = async (page, words, count) => {
    await page.locator("#filter").fill(words);
    await says(page, "#groups-shown", new RegExp(`^${count} of 5 groups$`));
    await frame(page);
    return shortened(page);
  };

  it("by name, address, interface, family, version, mode and host; all words count", () =>
    staged(browser, small(), {}, async (page) => {
      await groupsThere(page, 5);
      assert.deepEqual(await find(page, "ALPHA", 1), ["9"]);
      assert.deepEqual(await find(page, "239.0.0.10", 2), ["10", "100"]);
      assert.deepEqual(await find(page, "eth1", 2), ["fb", "1"]);
      assert.deepEqual(await find(page, "ipv6 mdns", 1), ["fb"]);
      assert.deepEqual(await find(page, "include", 1), ["9"]);
      assert.deepEqual(await find(page, "mldv1", 1), ["fb"]);
      assert.deepEqual(await find(page, "192.168.1.23", 1), ["100"]);
      assert.deepEqual(await find(page, "link-local", 1), ["fb"]);
      assert.deepEqual(await find(page, "  beta   eth0 ", 1), ["10"]);
      assert.deepEqual(await find(page, ".*", 0), []);
      await says(page, "#no-groups", /No group matches the filter/);
      await says(page, "#filter-said", /0 of 5 groups/);
      await page.locator("#filter").fill("");
      await says(page, "#groups-shown", /^5 groups$/);
      assert.equal((await shortened(page)).length, 5);
    }));

  it("goes on with what comes, and with the sort", () =>
    staged(browser, small(), {}, async (page, fixture) => {
      await groupsThere(page, 5);
      await page.locator("#group-head .c-group button").click();
      assert.deepEqual(await find(page, "eth0", 3), ["100", "10", "9"]);
      const world = small();
      world.groups.push(worlds.group(9, { group: "239.0.0.50" }));
      fixture.become(world);
      await says(page, "#groups-shown", /^4 of 6 groups$/);
      assert.deepEqual(await shortened(page), ["100", "50", "10", "9"]);
      assert.equal(await page.locator("#filter").inputValue(), "eth0");
    }));
});

describe("details of a group", { concurrency: 3 }, () => {
  it("open by keyboard, tell hosts and sources, and give the focus back", () =>
    staged(browser, worlds.healthyLink(), {}, async (page) => {
      await groupsThree(page);
      await page.locator("#group-rows button", { hasText: "239.1.0.3" }).focus();
      await page.keyboard.press("Enter");
      await says(page, "#detail-title", /239\.1\.0\.3$/);
      assert.equal((await focused(page)).id, "detail-title");
      await says(page, "#detail-body", /Only from these sources\s*10\.0\.0\.1, wanted/);
      await says(page, "#detail-body", /192\.168\.1\.23 \(52:54:00:12:34:57\)/);
      await page.keyboard.press("Tab");
      assert.equal((await focused(page)).id, "detail-close");
      await page.keyboard.press("Enter");
      assert.equal((await focused(page)).text, "239.1.0.3");
      assert.ok(!await page.locator("#group-detail").isVisible());
    }));

  it("say how many hosts are not listed, and when the group is gone", () =>
    staged(browser, worlds.healthyLink(), {}, async (page, fixture) => {
      await groupsThree(page);
      await page.locator("#group-rows button", { hasText: /^239\.1\.0\.0$/ }).click();
      await says(page, "#detail-body", /and 69 more/);
      const world = worlds.healthyLink();
      world.groups.shift();
      fixture.become(world);
      await says(page, "#detail-body", /This group is gone/);
      await says(page, "#groups-shown", /^14 groups$/);
    }));
});

const groupsThree = (page) => groupsThere(page, 15);

describe("keyboard only", { concurrency: 3 }, () => {
  it("Tab reaches everything, in order, visibly", () =>
    staged(browser, worlds.manyLinks(), {}, async (page) => {
      await groupsThere(page, 60);
      await page.keyboard.press("Tab");
      assert.equal((await focused(page)).class, "skip");
      await page.keyboard.press("Enter");
      assert.equal((await focused(page)).id, "main");
      const wanted = await page.evaluate(() => {
        const all = "a[href], button, input, summary, #scroller";
        return [...document.querySelectorAll(all)].filter((element) =>
          element.checkVisibility() && element.closest("main, footer")
            && !element.closest("#group-rows")).length;
      });
      const seen = await page.evaluate(() => {
        globalThis.stops = new Set();
        globalThis.unseen = [];
        addEventListener("focusin", ({ target }) => {
          if (!target.closest("#group-rows")) stops.add(target);
          const ring = (element) => {
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
            return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
          };
          if (!ring(target) && !ring(target.parentElement)) unseen.push(target.outerHTML.slice(0, 99));
        });
        return stops.size;
      });
      assert.equal(seen, 0);
      let last = false;
      for (let press = 0; press < 400 && !last; ++press) {
        await page.keyboard.press("Tab");
        last = await page.evaluate(() =>
          document.activeElement.getAttribute("href") === "api/v1/events");
      }
      assert.ok(last, "the end of the page");
      const { count, unseen } = await page.evaluate(() => ({ count: stops.size, unseen }));
      assert.equal(count, wanted);
      assert.deepEqual(unseen, []);
    }));

  it("details of a segment stay open and focused while the cards change places", () =>
    staged(browser, worlds.manyLinks({ troubled: false }), {}, async (page, fixture) => {
      const summary = page.locator('.segment[aria-label="eth0.17 IPv4"] summary');
      await summary.focus();
      await page.keyboard.press("Enter");
      await page.locator('.segment[aria-label="eth0.17 IPv4"] details[open]').waitFor();
      fixture.become(worlds.manyLinks());
      await says(page, ".card h3", /^eth0\.17$/);
      const { tag, text } = await focused(page);
      assert.deepEqual([tag, text], ["SUMMARY", "Details of eth0.17 IPv4"]);
      assert.ok(await page.locator('.segment[aria-label="eth0.17 IPv4"] details').getAttribute("open")
        !== null);
    }));

  it("a tile stays focused while tiles change", () =>
    staged(browser, worlds.manyLinks({ troubled: false }), {}, async (page, fixture) => {
      await page.locator("#tiles a", { hasText: "eth0.13" }).focus();
      fixture.become(worlds.manyLinks());
      await says(page, "#headline", /not safe/);
      assert.match((await focused(page)).text, /^eth0\.13:/);
    }));
});

describe("5,000 groups", () => {
  const watched = async (page) => {
    await page.evaluate(() => {
      globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
      }).observe({ type: "longtask", buffered: true });
    });
  };
  const longest = (page) => page.evaluate(() => longest);

  it("are all reached by scrolling, and few rows exist", () =>
    staged(browser, worlds.manyGroups(), {}, async (page) => {
      await watched(page);
      await groupsThere(page, 5000);
      await frame(page);
      assert.equal(await page.locator("#group-table").getAttribute("aria-rowcount"), "5001");
      const found = await page.evaluate(async () => {
        const scroller = document.getElementById("scroller");
        const seen = new Set();
        const indices = new Set();
        let most = 0;
        const gaps = [];
        const look = () => {
          const rows = document.querySelectorAll("#group-rows tr:not(.space)");
          most = Math.max(most, rows.length);
          for (const row of rows) {
            seen.add(row.querySelector("button").textContent);
            indices.add(row.getAttribute("aria-rowindex"));
          }
          const { top, bottom } = scroller.getBoundingClientRect();
          const head = document.getElementById("group-head").getBoundingClientRect().height;
          const first = rows[0].getBoundingClientRect().top;
          const last = rows[rows.length - 1].getBoundingClientRect().bottom;
          if (first > top + head + 2 || last < bottom - 20) {
            gaps.push([scroller.scrollTop, top + head - first, last - bottom]);
          }
        };
        scroller.scrollTop = 0;
        for (let guard = 0; guard < 2000; ++guard) {
          await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
          look();
          const before = scroller.scrollTop;
          scroller.scrollTop += scroller.clientHeight * 0.9;
          if (scroller.scrollTop === before) break;
        }
        return { seen: seen.size, indices: indices.size, most, gaps };
      });
      assert.equal(found.seen, 5000);
      assert.equal(found.indices, 5000);
      assert.deepEqual(found.gaps, []);
      assert.ok(found.most < 100, `${found.most} rows at once`);
      const long = await longest(page);
      assert.ok(long < 1000, `${long} ms without an answer to the user`);
    }));

  it("filter, sort and jump without a pause", () =>
    staged(browser, worlds.manyGroups(), {}, async (page) => {
      await watched(page);
      await groupsThere(page, 5000);
      await page.locator("#filter").pressSequentially("239.1.19.13", { delay: 20 });
      await says(page, "#groups-shown", /^7 of 5,000 groups$/);
      await page.locator("#filter").fill("");
      await groupsThere(page, 5000);
      for (const column of COLUMNS) await page.locator(`#group-head .c-${column} button`).click();
      await page.locator("#group-head .c-group button").click();
      assert.deepEqual(await sorts(page), { group: "ascending" });
      await page.locator("#scroller").focus();
      await page.keyboard.press("End");
      await says(page, "#group-rows tr:nth-last-child(2) .c-group", /^239\.1\.19\.135$/);
      await page.keyboard.press("Home");
      await says(page, "#group-rows tr:nth-child(2) .c-group", /^239\.1\.0\.0$/);
      const long = await longest(page);
      assert.ok(long < 1000, `${long} ms without an answer to the user`);
    }));
});
