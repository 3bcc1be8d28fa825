// Pictures of the page in its states: screenshots.mjs DIR. STATUS_PAGE is the page.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fixture } from "./fixture.mjs";
import { PAGE, groupsThere, launch, open } from "./browser.mjs";
import * as worlds from "./worlds.mjs";

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });

const SCENES = {
  healthy: worlds.healthyLink,
  one: worlds.oneLink,
  none: worlds.noLinks,
  alarms: () => worlds.alarmed(["address_conflict", "loop", "malformed"]),
  unguarded: () => worlds.alarmed(["no_querier"]),
  links: worlds.manyLinks,
  groups: worlds.manyGroups,
  stale: worlds.healthyLink,
};

const only = process.argv.slice(3);
const browser = await launch();
for (const [name, make] of Object.entries(SCENES)) {
  if (only.length && !only.includes(name)) continue;
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 360]) {
      const world = make();
      const fixture = await new Fixture(PAGE, world).start();
      const { page } = await open(browser, `${fixture.origin}/`, { colorScheme,
        viewport: { width, height: width === 360 ? 760 : 900 } });
      await groupsThere(page, world.groups.length);
      await page.waitForFunction(() => document.body.dataset.level !== "unknown");
      await page.evaluate(() => new Promise((done) => { setTimeout(done, 700); }));
      if (name === "stale") {
        await fixture.die();
        await page.locator("#stale").waitFor();
      }
      const path = join(directory, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: name !== "groups" });
      await page.context().close();
      if (name !== "stale") await fixture.die();
    }
  }
}
await browser.close();
