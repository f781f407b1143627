"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const [out, report, attack] = process.argv.slice(2);

async function open(browser, file, options) {
  const page = await browser.newPage(options);
  const troubles = [];
  page.on("console", (message) => { if (message.type() === "error") troubles.push("console: " + message.text()); });
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("dialog", (dialog) => { troubles.push("dialog: " + dialog.message()); return dialog.dismiss(); });
  page.on("request", (request) => { if (!/^(file|data):/.test(request.url())) troubles.push("request: " + request.url()); });
  await page.goto(pathToFileURL(path.resolve(file)).href);
  return { page, troubles };
}

async function use(page) {
  const column = page.locator("table.sortable").first();
  const first = () => column.locator("tbody tr").first().innerText();
  const before = await first();
  await column.locator("th button").nth(1).click();
  await column.locator("th button").nth(1).click();
  assert.equal(await column.locator("th").nth(1).getAttribute("aria-sort"), "ascending", "sorting is announced");
  assert.notEqual(await first(), before, "sorting changes the order");

  const count = await page.locator("#count").innerText();
  await page.locator("#f-verdict").selectOption("wrong");
  assert.notEqual(await page.locator("#count").innerText(), count, "filtering changes the count");
  await page.locator("#f-verdict").selectOption("");
  assert.equal(await page.locator("#count").innerText(), count, "without filters all cases are back");

  const one = page.locator("details.case").first();
  await one.locator("> summary").focus();
  await page.keyboard.press("Enter");
  await one.locator(".inside").waitFor();
  assert.ok((await one.locator(".answer").count()) > 0, "an opened case shows its answers");

  await page.locator("#theme").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.documentElement.dataset.theme), "the keyboard changes the theme");
}

async function inert(page) {
  for (const one of await page.locator("details.case > summary").all()) await one.click();
  await page.mouse.move(200, 300);
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.__pwned), undefined, "no attack ran");
  assert.equal(await page.locator("a[href^='javascript:' i]").count(), 0, "no link runs a script");
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  try {
    for (const colorScheme of ["light", "dark"]) {
      for (const [name, width] of [["phone", 390], ["desktop", 1440]]) {
        const { page, troubles } = await open(browser, report, { colorScheme, viewport: { width, height: 1000 } });
        await page.screenshot({ path: path.join(out, `${name}-${colorScheme}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${name}: the page is ${wide} wide`);
        await use(page);
        assert.deepEqual(troubles, []);
        await page.close();
      }
    }
    if (attack) {
      const { page, troubles } = await open(browser, attack, {});
      await inert(page);
      assert.deepEqual(troubles, []);
    }
    console.log("the report works in a browser");
  } finally {
    await browser.close();
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; });
