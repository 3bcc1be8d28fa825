// The page of a running querent, at QUERENT_URL; `run` starts one on a cable of its own.

import assert from "node:assert/strict";
import { it } from "node:test";
import { launch, open, says, text } from "./browser.mjs";

const url = process.env.QUERENT_URL;

async function answers() {
  for (let tries = 0; tries < 100; ++tries) {
    const there = await fetch(url).then((answer) => answer.ok, () => false);
    if (there) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  assert.fail(`nothing answers at ${url}`);
}

it("a real querent shows itself", { skip: !url && "QUERENT_URL is not set" }, async () => {
  await answers();
  const browser = await launch();
  try {
    const { page, close } = await open(browser, url);
    await page.waitForFunction(() => document.body.dataset.level !== "unknown");
    await page.locator(".card .segment").first().waitFor();
    await says(page, "#about", /^\d+\.\d+\.\d+ \([0-9a-f]+|unknown.*\), up for \d+ s$/);
    await says(page, "#groups-shown", /^[\d,]+ groups?$/);
    await page.locator("#event-list li").first().waitFor();
    const first = await text(page, ".segment .gauge");
    await page.waitForFunction((before) =>
      document.querySelector(".segment .gauge").innerText !== before, first);
    if (process.env.QUERENT_CABLE) {
      await says(page, "#headline", /^Multicast is safe\.$/);
      await says(page, "#guard", /^This querent guards it, as 192\.168\.77\.1\.$/);
      await says(page, ".card h3", /^cable0$/);
      await says(page, "#group-rows", /239\.1\.2\.3/, 15000);
      await page.locator("#group-rows button", { hasText: "239.1.2.3" }).click();
      await says(page, "#detail-body", /last reported by 192\.168\.77\.2/);
    }
    await close();
  } finally {
    await browser.close();
  }
});
