// One Chromium for a test file, and pages that tell on themselves.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { Fixture } from "./fixture.mjs";

export const PAGE = process.env.STATUS_PAGE ?? "status.html";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

const REFUSED = /Failed to load resource/;

// The page at a URL, and what went wrong in it. `expected` are console errors that the browser
// itself writes when a poll fails, which a page cannot prevent.
export async function open(browser, url, { expected = null, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const origin = new URL(url).origin;
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (expected?.test(message.text())) return;
    wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol === "data:") return;
    if (asked.origin !== origin) wrong.push(`outside: ${request.url()}`);
    if (asked.pathname === "/favicon.ico") wrong.push("asked for a favicon");
  });
  await page.goto(url);
  return {
    page,
    wrong,
    close: async () => {
      await context.close();
      assert.deepEqual(wrong, []);
    },
  };
}

// Runs a test with a fixture in a world and a page that looks at it; then nothing may have gone wrong.
export async function staged(browser, world, options, act) {
  const fixture = await new Fixture(PAGE, world).start();
  try {
    const { page, close } = await open(browser, `${fixture.origin}/`, options);
    await page.waitForFunction(() => document.body.dataset.level !== "unknown"
      || document.body.dataset.stale === "true");
    await act(page, fixture);
    await close();
  } finally {
    await fixture.die();
  }
}

export const failing = { expected: REFUSED };

export const text = (page, selector) => page.locator(selector).innerText();

// Waits until an element says something that matches, however it is spaced and cased.
export async function says(page, selector, pattern, timeout = 10000) {
  try {
    await page.waitForFunction(([where, source, flags]) => {
      const found = document.querySelector(where);
      return found && found.checkVisibility() && new RegExp(source, flags).test(found.textContent);
    }, [selector, pattern.source, pattern.flags], { timeout });
  } catch {
    const said = await page.locator(selector).first().textContent({ timeout: 500 })
      .catch(() => "(it is not there)");
    assert.fail(`${selector} says "${said}", not ${pattern}`);
  }
}

export async function groupsThere(page, count) {
  await says(page, "#groups-shown", new RegExp(`^${count.toLocaleString("en-GB")} group`));
}
