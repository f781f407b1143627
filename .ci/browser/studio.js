"use strict";
// The whole way by keyboard: a folder of files, fields, proposals, labels, a dataset, a run. Times are printed, not judged.
const assert = require("node:assert/strict");
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [out, binary, scans] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const home = fs.mkdtempSync(path.join(os.tmpdir(), "studio-"));
const folder = path.join(home, "scans");
fs.cpSync(scans, folder, { recursive: true });
const count = fs.readdirSync(folder).length;

const run = (...words) => {
  const done = spawnSync(binary, words, { cwd: home, encoding: "utf8" });
  assert.equal(done.status, 0, words.join(" ") + ": " + done.stderr);
  return done.stdout;
};

// Starts the studio, and tells its address and when all proposals are there.
const start = async (...words) => {
  const child = spawn(binary, ["studio", folder, ...words], { cwd: home });
  let [said, told] = ["", ""];
  child.stdout.on("data", (text) => { said += text; });
  child.stderr.on("data", (text) => { told += text; });
  const until = async (is) => {
    while (!is()) {
      assert.equal(child.exitCode, null, told);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  };
  await until(() => said.includes("\n"));
  return { child, address: said.trim().replace("Open ", ""), proposed: () => until(() => told.includes("All proposals are there")) };
};

const open = async (browser, address, options) => {
  const page = await browser.newPage(options);
  const troubles = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) troubles.push("console: " + message.text()); });
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("request", (request) => { if (!/^(blob:)?http:\/\/127\.0\.0\.1:/.test(request.url())) troubles.push("request: " + request.url()); });
  await page.goto(address);
  return { page, troubles };
};

const accessible = async (page, name) => {
  await page.evaluate(axe);
  const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] };
  const found = await page.evaluate((rules) => window.axe.run(document, rules), rules);
  assert.deepEqual(found.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")), [], name + " is accessible");
};

const shoot = (page, name) => page.screenshot({ path: path.join(out, `studio-${name}.png`) });
const named = (page) => page.locator("#document").textContent();
const here = (page, what) => page.locator(`.field.here ${what}`);
const settled = (page) => page.locator('main[aria-busy="false"]').waitFor();
const saved = async (page, act) => {
  const answer = page.waitForResponse((reply) => /\/api\/(labels|undo|mark)$/.test(reply.url()));
  await act();
  assert.equal((await answer).status(), 200);
  await settled(page);
};

// Labels a document with the keyboard alone; returns how many keys it took.
const label = async (page) => {
  const document = await named(page);
  let keys = 0;
  const press = async (...all) => {
    for (const key of all.slice(0, -1)) await page.keyboard.press(key);
    await saved(page, () => page.keyboard.press(all.at(-1)));
    keys += all.length;
  };
  if (await page.locator("#accept-all:enabled").count()) await press("a");
  while ((await named(page)) === document) {
    if (keys > 40) throw new Error(document + " does not end");
    const typing = await page.evaluate(() => window.document.activeElement.matches("input, textarea"));
    if (typing) await press("Escape", "n");
    else if (await here(page, ".offer").count()) await press("1");
    else await press("Enter");
  }
  return keys;
};

const walk = async (page) => {
  await page.locator("#name").fill("anna");
  await page.keyboard.press("Enter");
  await page.locator(".field.here").waitFor();
  await page.waitForFunction(() => document.querySelector(".sheet img")?.naturalWidth > 0);
  await shoot(page, "1920-light");
  const first = await named(page);
  const keys = [];
  // A typed value is understood before it is saved, undone, and typed again.
  await page.keyboard.press("Escape");
  const total = page.locator('.field[data-field="total"]');
  await total.click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("e");
  await total.locator("input").fill("1.234,50 €");
  await total.locator(".echo.good", { hasText: "1234.5" }).waitFor();
  await shoot(page, "typing");
  await saved(page, () => page.keyboard.press("Enter"));
  assert.equal(await total.locator(".value").textContent(), "1234.5");
  await page.keyboard.press("Escape");
  await saved(page, () => page.keyboard.press("z"));
  assert.notEqual(await total.locator(".value").textContent(), "1234.5", "undo takes it back");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await page.keyboard.press("+");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.match(await page.locator(".sheet").evaluate((sheet) => sheet.style.transform), /scale\(1\.5\) rotate\(90deg\)/);
  await page.keyboard.press("f");
  await page.locator("#reason").fill("torn");
  await saved(page, () => page.keyboard.press("Enter"));
  await page.locator("#state", { hasText: "flagged: torn" }).waitFor();
  await page.keyboard.press("Escape");
  await saved(page, () => page.keyboard.press("f"));
  assert.equal(await named(page), first);
  while ((await page.locator(".field").count()) > 0) keys.push(await label(page));
  assert.equal(keys.length, count, "every document was labeled once");
  return keys;
};

// Two windows with one name: the slower one is told, and sees what stands.
const windows = async (browser, address) => {
  const [one, two] = [await open(browser, address), await open(browser, address)];
  for (const { page } of [one, two]) {
    await page.locator("#name").fill("ben");
    await page.keyboard.press("Enter");
    await page.locator("#open-list").click();
    await page.locator("#list button").first().click();
    await page.locator(".field.here").waitFor();
    await settled(page);
    await page.keyboard.press("Escape");
  }
  await saved(one.page, () => one.page.keyboard.press("u"));
  await two.page.keyboard.press("u");
  await two.page.locator("#alarm", { hasText: "another window" }).waitFor();
  await shoot(two.page, "conflict");
  assert.equal(await two.page.locator(".field .badge.good").count(), 1, "what stands is shown");
  await one.page.close();
  await two.page.close();
};

const rooms = async (page) => {
  await page.locator("#open-trust").click();
  await page.locator("#trust dd").first().waitFor();
  await shoot(page, "trust");
  await accessible(page, "trust");
  await page.keyboard.press("Escape");
  await page.locator("#open-list").click();
  await page.locator("#list li").first().waitFor();
  await accessible(page, "the list");
  await page.keyboard.press("Escape");
  await page.locator("#open-files").click();
  await page.locator("#export").click();
  await page.locator("#exported pre").waitFor();
  const told = await page.locator("#exported p").first().textContent();
  assert.ok(told.startsWith(`${count} cases in `), told);
  await shoot(page, "export");
  await accessible(page, "export");
  await page.keyboard.press("Escape");
};

const looks = async (browser, address) => {
  for (const [name, width, scheme] of [["1024-dark", 1024, "dark"], ["1024-light", 1024, "light"], ["1920-dark", 1920, "dark"]]) {
    const { page, troubles } = await open(browser, address, { viewport: { width, height: width === 1024 ? 768 : 1080 }, colorScheme: scheme });
    await page.locator("#name").fill("clara");
    await page.keyboard.press("Enter");
    await page.locator("#open-list").click();
    await page.locator("#list button").nth(1).click();
    await page.locator(".field.here").waitFor();
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".sheet img")?.naturalWidth > 0);
    await shoot(page, name);
    await accessible(page, name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${name}: nothing is wider than the window`);
    assert.deepEqual(troubles, [], name);
    await page.close();
  }
};

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox"] });
  const studio = await start("--template", "receipt", "--blind", "0.2");
  try {
    await studio.proposed();
    const { page, troubles } = await open(browser, studio.address, { viewport: { width: 1920, height: 1080 } });
    const begun = Date.now();
    const keys = await walk(page);
    const seconds = (Date.now() - begun) / 1000;
    console.log(`${count} documents in ${seconds.toFixed(0)} s, ${keys.reduce((sum, one) => sum + one, 0)} keys: ${keys.join(" ")}`);
    await rooms(page);
    assert.deepEqual(troubles, []);
    await windows(browser, studio.address);
    await looks(browser, studio.address);
    run("datasets", "check", folder + "-dataset");
    run("run", "--dataset", folder + "-dataset", "--provider", "local/fast,local/accurate", "--no-progress", "--run-dir", "run", "-o", "report.html");
    assert.ok(fs.statSync(path.join(home, "report.html")).size > 10_000);
    console.log("labeled, exported, checked, run and reported");
  } finally {
    studio.child.kill();
    await browser.close();
  }
  fs.rmSync(home, { recursive: true });
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
