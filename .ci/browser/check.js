"use strict";
// Opens reports from file:// and uses them as people do. Times are printed and never judged: machines differ.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const [out, report, folder] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function open(browser, file, options) {
  const page = await browser.newPage(options);
  const troubles = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) troubles.push("console: " + message.text()); });
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("dialog", (dialog) => { troubles.push("dialog: " + dialog.message()); return dialog.dismiss(); });
  page.on("popup", () => troubles.push("a window was opened"));
  page.on("request", (request) => { if (!/^(file|data):/.test(request.url())) troubles.push("request: " + request.url()); });
  await page.goto(pathToFileURL(path.resolve(file)).href);
  return { page, troubles };
}

// What is found must be what the data says, reckoned here once more.
const reckon = (data, wanted) => {
  const isControl = (answer) => data.controls.includes(answer.provider);
  const state = (answer) => (answer.failure ? "failed" : answer.score === undefined ? "none" : answer.right ? "right" : "wrong");
  return data.cases.filter((one) => {
    const asked = one.answers.filter((answer) => (wanted.provider ? answer.provider === wanted.provider : !isControl(answer)));
    const scores = one.answers.filter((answer) => !isControl(answer) && answer.score !== undefined).map((answer) => answer.score);
    const states = asked.map(state);
    const [tag, value] = (wanted.tag ?? "").split(" = ");
    return (!wanted.dataset || one.dataset === wanted.dataset)
      && (!wanted.tag || one.tags[tag] === value)
      && (!wanted.provider || asked.length > 0)
      && (!wanted.disagree || Math.max(...scores) - Math.min(...scores) > 1e-9)
      && (!wanted.verdict || (wanted.verdict === "right" ? states.length > 0 && states.every((one) => one === "right") : states.includes(wanted.verdict)));
  }).length;
};

async function count(page) {
  return Number((await page.locator("#count").textContent()).split(" ")[0]);
}

async function filters(page) {
  const data = JSON.parse(await page.locator("#data").textContent());
  const choices = async (id) => (await page.locator(`#f-${id} option`).evaluateAll((all) => all.map((one) => one.value))).filter(Boolean);
  const pick = async (id, value) => (id === "disagree" ? page.locator("#f-disagree").setChecked(Boolean(value)) : page.locator(`#f-${id}`).selectOption(value));
  const all = await count(page);
  assert.equal(all, data.cases.length);
  for (const id of ["dataset", "tag", "verdict", "provider"]) {
    for (const value of await choices(id)) {
      await pick(id, value);
      assert.equal(await count(page), reckon(data, { [id]: value }), `cases with ${id} ${value}`);
    }
    await pick(id, "");
  }
  await pick("disagree", true);
  assert.equal(await count(page), reckon(data, { disagree: true }), "cases in which providers disagree");
  const [provider] = await choices("provider");
  const [dataset] = await choices("dataset");
  await pick("provider", provider);
  await pick("verdict", "wrong");
  await pick("dataset", dataset);
  assert.equal(await count(page), reckon(data, { disagree: true, verdict: "wrong", provider, dataset }), "all filters at once");
  await page.locator("#f-text").fill("no case says this");
  await page.locator("#list .empty").waitFor();
  assert.equal(await count(page), 0, "nothing is found");
  await page.locator("#f-text").fill("");
  for (const id of ["provider", "verdict", "dataset", "disagree"]) await pick(id, "");
  await page.locator("#list .case").first().waitFor();
  assert.equal(await count(page), all, "without filters all cases are back");
  const name = data.cases[data.cases.length - 1].case;
  await page.locator("#f-text").fill(name);
  await page.waitForFunction((name) => document.querySelector("#list .id")?.textContent === name, name);
  await page.locator("#f-text").fill("");
  await page.waitForFunction((all) => document.querySelector("#count").textContent.startsWith(all + " of"), all);
}

async function sorting(page) {
  const table = page.locator("table.sortable").filter({ has: page.locator("th.number") }).first();
  const at = await table.locator("th").evaluateAll((heads) => heads.findIndex((head) => head.matches(".number")));
  const column = () => table.locator("tbody tr").evaluateAll((rows, at) => rows.map((row) => row.cells[at].dataset.sort).filter((key) => key !== undefined).map(Number), at);
  const head = table.locator("th").nth(at);
  await head.locator("button").click();
  assert.equal(await head.getAttribute("aria-sort"), "descending", "sorting is announced");
  const down = await column();
  assert.deepEqual(down, [...down].sort((a, b) => b - a), "a click sorts");
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await column(), [...down].sort((a, b) => a - b), "Enter sorts the other way");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.ok(await table.locator("th").nth(at + 1).getAttribute("aria-sort"), "Tab leads to the next column, and Space sorts by it");
}

async function opening(page) {
  const first = page.locator("#list details.case").first();
  await first.locator("> summary").focus();
  await page.keyboard.press("Enter");
  await first.locator(".inside").waitFor();
  assert.ok((await first.locator(".answer").count()) > 0, "an opened case shows its answers");
  assert.ok((await first.locator(".diff tbody tr").count()) > 0, "field by field");
  for (const image of await first.locator("img").all()) {
    await page.waitForFunction((image) => image.complete, await image.elementHandle());
    assert.ok(await image.evaluate((image) => image.naturalWidth > 0), "its picture is there");
    assert.ok(await image.getAttribute("alt"), "and has a name");
  }
  await page.keyboard.press("Space");
  assert.equal(await first.getAttribute("open"), null, "the keyboard closes it");
  const link = page.locator("button[data-case]").first();
  if (!(await link.count())) return;
  const key = await link.getAttribute("data-case");
  await link.evaluate((one) => { for (let at = one; at; at = at.parentElement) if (at.matches("details")) at.open = true; });
  await link.focus();
  await page.keyboard.press("Enter");
  const opened = page.locator("#list details.case[open]");
  await opened.locator(".inside").waitFor();
  assert.ok(key.endsWith("/" + (await opened.locator(".id").textContent())), "the name of a case in a table opens it");
  assert.ok(await page.evaluate(() => document.activeElement.matches("#list details[open] > summary")), "and the focus goes there");
}

async function themes(page) {
  const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await dark();
  await page.locator("#theme").focus();
  await page.keyboard.press("Enter");
  assert.notEqual(await dark(), before, "the keyboard changes the theme");
  await page.keyboard.press("Enter");
}

// What a screen reader would stumble over, by the rules of WCAG 2.1 AA.
async function accessible(page, name) {
  await page.evaluate(axe);
  const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] };
  const found = await page.evaluate((rules) => window.axe.run(document, rules), rules);
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  assert.deepEqual(told, [], `${name} is accessible`);
}

// Paper is white whatever the screen is, and shows what the screen folds.
async function prints(page) {
  await page.evaluate(() => { document.documentElement.dataset.theme = "dark"; });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const [ink, paper] = await page.evaluate(() => { const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]; });
  assert.equal(paper, "rgb(255, 255, 255)");
  assert.ok(ink.match(/\d+/g).every((part) => Number(part) < 80), `the ink is ${ink}`);
  assert.equal(await page.locator("details.part:not([open])").count(), 0, "everything is unfolded");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
}

async function fits(page, name, width) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${name}: the page is ${wide} wide`);
}

async function everywhere(browser, name, file, use) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [device, width] of [["phone", 390], ["desktop", 1440]]) {
      const { page, troubles } = await open(browser, file, { colorScheme, viewport: { width, height: 1000 } });
      await page.screenshot({ path: path.join(out, `${name}-${device}-${colorScheme}.png`), fullPage: true });
      await fits(page, name, width);
      await themes(page);
      await use(page);
      await fits(page, name, width);
      await accessible(page, name);
      if (await page.locator("#cases").count()) await page.screenshot({ path: path.join(out, `${name}-${device}-${colorScheme}-case.png`) });
      await prints(page);
      assert.deepEqual(troubles, []);
      await page.close();
    }
  }
}

// Every case of every page is opened.
async function attacked(browser, file) {
  const { page, troubles } = await open(browser, file, {});
  let cases = 0;
  let pages = 0;
  for (const part of await page.locator("details.part").all()) await part.evaluate((part) => { part.open = true; });
  while (await page.locator("#cases").count()) {
    pages += 1;
    cases += await page.locator("#list details.case").evaluateAll((all) => { for (const one of all) one.open = true; return all.length; });
    await page.locator("#list .inside").last().waitFor();
    await page.locator("#list .diff button").evaluateAll((all) => { for (const more of all) more.click(); });
    await page.mouse.move(200, 300);
    if (await page.locator("#next").isDisabled()) break;
    await page.locator("#next").click();
  }
  if (cases) {
    assert.equal(cases, JSON.parse(await page.locator("#data").textContent()).cases.length, "every case was opened");
    assert.ok(pages > 1, "there are attacks beyond the first page");
  }
  assert.equal(await page.evaluate(() => window.__pwned), undefined, "no attack ran");
  assert.equal(await page.locator("a[href^='javascript:' i]").count(), 0, "no link runs a script");
  assert.equal(await page.locator("script, iframe, object, embed, link, base, form").count(), (await page.locator("#data").count()) + 1, "no element is an attacker's");
  assert.deepEqual(troubles, []);
  await page.close();
}

async function large(browser, file) {
  const { page, troubles } = await open(browser, file, { viewport: { width: 1440, height: 1000 } });
  const data = JSON.parse(await page.locator("#data").textContent());
  const trials = data.cases.reduce((sum, one) => sum + one.answers.length, 0);
  const bytes = fs.statSync(file).size;
  assert.ok(trials >= 10_000 && bytes < 30e6, `${trials} trials, ${bytes} bytes`);
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  await page.waitForFunction(paint);
  const painted = await page.evaluate(paint);
  const ready = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
  // The whole way from a choice to the next picture on the screen.
  const timed = (id, value) => page.evaluate(async ([id, value]) => {
    const field = document.getElementById("f-" + id);
    const begun = performance.now();
    if (field.type === "checkbox") field.checked = value; else field.value = value;
    field.dispatchEvent(new Event("change"));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - begun;
  }, [id, value]);
  const times = [await timed("verdict", "wrong"), await timed("disagree", true), await timed("provider", data.providers[3]), await timed("dataset", data.cases[0].dataset)];
  for (const [id, value] of [["verdict", ""], ["disagree", false], ["provider", ""], ["dataset", ""]]) await timed(id, value);
  const pages = Math.ceil(data.cases.length / 50);
  await page.locator("#next").focus();
  for (let at = 1; at < pages; at += 1) { await page.locator("#next").focus(); await page.keyboard.press("Enter"); }
  assert.equal(await page.locator("#page").textContent(), `Page ${pages} of ${pages}`);
  assert.ok(await page.locator("#next").isDisabled(), "there is no page after the last one");
  await opening(page);
  await page.locator("#previous").focus();
  await page.keyboard.press("Enter");
  await page.screenshot({ path: path.join(out, "large.png") });
  assert.deepEqual(troubles, []);
  await page.close();
  const ms = (time) => `${time.toFixed(0)} ms`;
  console.log(`${trials} trials in ${(bytes / 1e6).toFixed(1)} MB: first paint after ${ms(painted)}, ready after ${ms(ready)}; filtered in ${times.map(ms).join(", ")}`);
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  try {
    await everywhere(browser, "report", report, async (page) => {
      await sorting(page);
      await filters(page);
      await opening(page);
    });
    if (folder) {
      for (const name of ["compare", "history"]) await everywhere(browser, name, path.join(folder, name + ".html"), sorting);
      for (const name of ["attack", "attack-compare", "attack-history"]) await attacked(browser, path.join(folder, name + ".html"));
      await large(browser, path.join(folder, "large.html"));
    }
    console.log("the pages work in a browser");
  } finally {
    await browser.close();
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; });
