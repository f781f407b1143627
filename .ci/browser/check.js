"use strict";
// Opens reports from file:// and uses them as people do. Times are printed and never judged: machines differ.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");
const { layout } = require("./layout.js");

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
  const name = (answer) => data.providers[answer.provider].name;
  const isControl = (answer) => data.providers[answer.provider].control;
  const state = (answer) => answer.status ?? (answer.score === undefined ? "none" : answer.right ? "right" : "wrong");
  return data.cases.filter((one) => {
    const answers = one.answers ?? [];
    const asked = answers.filter((answer) => (wanted.provider ? name(answer) === wanted.provider : !isControl(answer)));
    const scores = answers.filter((answer) => !isControl(answer) && answer.score !== undefined).map((answer) => answer.score);
    const states = asked.map(state);
    const [tag, value] = (wanted.tag ?? "").split(" = ");
    return (!wanted.dataset || one.dataset === wanted.dataset)
      && (!wanted.tag || one.tags?.[tag] === value)
      && (!wanted.field || (one.wrong ?? []).includes(wanted.field))
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
  for (const id of ["dataset", "tag", "field", "verdict", "provider"]) {
    for (const value of await choices(id)) {
      await pick(id, value);
      assert.equal(await count(page), reckon(data, { [id]: value }), `cases with ${id} ${value}`);
    }
    await pick(id, "");
  }
  await pick("disagree", true);
  assert.equal(await count(page), reckon(data, { disagree: true }), "cases in which candidates disagree");
  const [provider] = await choices("provider");
  const [dataset] = await choices("dataset");
  await pick("provider", provider);
  await pick("verdict", "wrong");
  await pick("dataset", dataset);
  const narrowed = reckon(data, { disagree: true, verdict: "wrong", provider, dataset });
  assert.equal(await count(page), narrowed, "all filters at once");
  const address = page.url();
  assert.ok(address.includes("#cases?") && address.includes("verdict=wrong"), "the filters are in the address");
  await page.goto("about:blank");
  await page.goto(address);
  assert.equal(await count(page), narrowed, "and whoever opens the address sees the same cases");
  await page.locator("#f-text").fill("no case says this");
  await page.locator("#list .empty").waitFor();
  assert.equal(await count(page), 0, "nothing is found");
  await page.locator("#f-text").fill("");
  for (const id of ["provider", "verdict", "dataset", "disagree"]) await pick(id, "");
  await page.locator("#list tbody button").first().waitFor();
  assert.equal(await count(page), all, "without filters all cases are back");
  const name = data.cases[data.cases.length - 1].case;
  await page.locator("#f-text").fill(name);
  await page.waitForFunction((name) => document.querySelector("#list tbody button")?.textContent === name, name);
  await page.locator("#f-text").fill("");
  await page.waitForFunction((all) => document.querySelector("#count").textContent.startsWith(all + " of"), all);
}

// What became of the score of each candidate, reckoned here once more.
const changes = (one, data) => data.providers.map((_, place) => {
  const mean = (side) => {
    const scores = (one.answers ?? []).filter((answer) => answer.provider === place && answer.side === side && answer.score !== undefined).map((answer) => answer.score);
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  return data.sides.slice(1).map((_, at) => mean(at + 1) - mean(0)).filter((change) => !Number.isNaN(change));
});

// Broken and fixed cases are found, the worst first, and open with the answers of all runs side by side.
async function compared(page) {
  const data = JSON.parse(await page.locator("#data").textContent());
  const isNear = (change) => Math.abs(change) < 2e-6;
  const wanted = {
    broken: (all) => all.flat().some((change) => change < 0 && !isNear(change)),
    fixed: (all) => all.some((some) => some.length && some.every((change) => change > 0 || isNear(change)) && !some.every(isNear)),
    same: (all) => all.flat().length > 0 && all.flat().every(isNear),
    alone: (all) => all.flat().length === 0,
  };
  for (const [value, is] of Object.entries(wanted)) {
    await page.locator("#f-change").selectOption(value);
    assert.equal(await count(page), data.cases.filter((one) => is(changes(one, data))).length, `cases that are ${value}`);
    assert.ok(page.url().includes("change=" + value), "the filter is in the address");
  }
  await page.locator("#f-change").selectOption("");
  await opening(page);
  const first = page.locator("#list tbody button").first();
  await first.click();
  const pair = page.locator("#case .pair").first();
  await pair.waitFor();
  assert.equal(await pair.locator(".answer").count(), data.sides.length, "an answer of every run, side by side");
  const names = await pair.locator(".answer strong").allTextContents();
  const [a, b] = [names[0], names.length === data.sides.length ? names.at(-1) : undefined];
  if (b) assert.ok(a.startsWith(data.sides[0]) && b.startsWith(data.sides.at(-1)), "the old one before the new one");
  const texts = await pair.locator("pre").allTextContents();
  if (texts.length > 1 && texts[0] !== texts[1]) assert.ok((await pair.locator("mark").count()) > 0, "differences are marked");
  await page.keyboard.press("Escape");
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
  const first = page.locator("#list tbody button").first();
  await first.focus();
  await page.keyboard.press("Enter");
  const inside = page.locator("#case .inside");
  await inside.waitFor();
  assert.ok(page.url().includes("open="), "an open case is in the address");
  assert.ok((await inside.locator(".answer").count()) > 0, "an opened case shows its answers");
  for (const image of await inside.locator(".zoom img").all()) {
    await page.waitForFunction((image) => image.complete, await image.elementHandle());
    assert.ok(await image.evaluate((image) => image.naturalWidth > 0), "its picture is there");
    assert.ok(await image.getAttribute("alt"), "and has a name");
  }
  const zoom = inside.locator(".zoom").first();
  if (await zoom.count()) {
    await zoom.focus();
    await page.keyboard.press("+");
    const moved = () => zoom.locator("img").evaluate((image) => image.style.transform);
    const near = await moved();
    assert.ok(near.includes("scale(1.5)"), "plus makes it larger");
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await moved(), near, "arrows move it");
    await page.keyboard.press("0");
    assert.ok((await moved()).includes("scale(1)"), "and 0 shows all of it again");
  }
  const title = () => page.locator("#case-title").textContent();
  const before = await title();
  if (await page.locator("#list tbody tr").count() > 1) {
    await page.keyboard.press("j");
    assert.notEqual(await title(), before, "j leads to the next case");
    await page.keyboard.press("k");
    assert.equal(await title(), before, "and k back");
  }
  await page.keyboard.press("Escape");
  await page.locator("#case:not([open])").waitFor({ state: "attached" });
  assert.ok(await page.evaluate(() => document.activeElement.matches("#list tbody button")), "Escape closes it, and the focus is back in the list");
  await page.keyboard.press("?");
  await page.locator("#help").waitFor();
  await page.keyboard.press("Escape");
  const link = page.locator("button[data-case]").first();
  if (!(await link.count())) return;
  const key = await link.getAttribute("data-case");
  await link.evaluate((one) => { for (let at = one; at; at = at.parentElement) if (at.matches("details")) at.open = true; });
  await link.focus();
  await page.keyboard.press("Enter");
  await inside.waitFor();
  assert.ok(key.endsWith("/" + (await title())), "the name of a case in a table opens it");
  await page.keyboard.press("Escape");
}

// Boxes stand where the data says, on the page that is looked at; everything is reached by the keyboard.
async function evidence(page) {
  const data = JSON.parse(await page.locator("#data").textContent());
  await page.locator("#list tbody button").first().click();
  // A line that comes to lie under the pointer would be chosen.
  await page.mouse.move(1, 1);
  const inside = page.locator("#case .inside");
  const key = await page.locator("#case-title").textContent();
  const answers = data.cases.find((one) => one.case === key).answers.filter((one) => one.evidence && !data.providers[one.provider].control);
  const toggles = inside.locator(".evidence .turn button");
  assert.equal(await toggles.count(), answers.length, "a toggle for each answer with evidence");
  const boxes = () => inside.locator(".viewer:not([hidden]) .boxes rect").count();
  const onPage = (found, page) => found.filter((one) => one[2] && one[1] === page).length;
  for (const [at, answer] of answers.entries()) {
    await toggles.nth(at).focus();
    await page.keyboard.press("Enter");
    assert.equal(await toggles.nth(at).getAttribute("aria-pressed"), "true");
    assert.equal(await inside.locator(".evidence li").count(), answer.evidence.length, "a line for each value");
    assert.equal(await boxes(), onPage(answer.evidence, 1), "the boxes of the first page");
    const label = await inside.locator(".viewer:not([hidden]) .boxes text").first().boundingBox();
    assert.ok(label.height > 8 && label.height < 24, `a label is ${label.height} high, whatever the size of the image`);
    await inside.locator(".pages .turn button").nth(1).focus();
    await page.keyboard.press("Enter");
    assert.equal(await boxes(), onPage(answer.evidence, 2), "the boxes of the second page");
    const first = answer.evidence.findIndex((one) => one[2] && one[1] === 1);
    await inside.locator(".evidence li button").nth(first).focus();
    assert.equal(await inside.locator(".viewer:not([hidden]) .boxes .chosen").count(), 1, "a line leads to its page and its box");
    const [box, image] = [inside.locator(".viewer:not([hidden]) .boxes .chosen rect"), inside.locator(".viewer:not([hidden]) img")];
    const [part, whole] = [await box.boundingBox(), await image.boundingBox()];
    const shape = await image.evaluate((image) => Math.min(image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight) * image.naturalWidth);
    const left = whole.x + (whole.width - shape) / 2 + answer.evidence[first][2][0] * shape;
    assert.ok(Math.abs(part.x - left) < 3, `a box begins at ${part.x} and should at ${left}`);
  }
  await page.screenshot({ path: path.join(out, "evidence-open.png") });
  await inside.locator(".zoom").first().focus();
  await page.keyboard.press("+");
  const moved = (what) => inside.locator(".viewer:not([hidden]) " + what).evaluate((one) => one.style.transform);
  assert.equal(await moved(".boxes"), await moved("img"), "boxes are scaled with the image");
  await toggles.last().click();
  assert.equal(await boxes(), 0, "the toggle takes them away again");
  await accessible(page, "a case with evidence");
  await page.keyboard.press("Escape");
}

// Every set of limits gives what the table of the rule says, and a worst field leads to its cases.
async function limits(page) {
  const data = JSON.parse(await page.locator("#data").textContent());
  if (data.trade_off) {
    const { scores, usd, p95, outcomes, table, candidates } = data.trade_off;
    const axes = [["score", [null, ...scores]], ["usd", [...usd, null]], ["p95", [...p95, null]]];
    const last = axes.map(([, limits]) => limits.length - 1);
    const set = (id, at) => page.locator("#l-" + id).evaluate((field, at) => { field.value = String(at); field.dispatchEvent(new Event("input")); }, at);
    for (const [score, cost, time] of [[0, last[1], last[2]], [last[0], last[1], last[2]], [0, 0, last[2]], [0, last[1], 0], [last[0], 0, 0], [1, Math.floor(last[1] / 2), last[2]]]) {
      await set("score", Math.min(score, last[0]));
      await set("usd", cost);
      await set("p95", time);
      const [least, most, longest] = [axes[0][1][Math.min(score, last[0])], axes[1][1][cost], axes[2][1][time]];
      const below = scores.filter((value) => least !== null && value < least).length;
      const within = (values, limit) => (limit === null ? values.length + 1 : values.filter((value) => value <= limit).length);
      const wanted = outcomes[table[(below * (usd.length + 2) + within(usd, most)) * (p95.length + 2) + within(p95, longest)]];
      assert.equal(await page.locator("#outcome").textContent(), wanted.text, "the sentence of the rule");
      if (wanted.winner) {
        const winner = candidates.find((one) => one.name === wanted.winner);
        assert.ok((least === null || winner.score[0] >= least) && (most === null || winner.usd <= most) && (longest === null || winner.p95[1] <= longest), "whoever is recommended keeps to the limits");
        assert.equal(await page.locator("#left .won span").textContent(), "✓ " + winner.name);
      }
    }
    await page.locator("#l-reset").click();
  }
  const worst = page.locator(".worst a").first();
  if (await worst.count()) {
    const field = new URLSearchParams((await worst.getAttribute("href")).split("?")[1]);
    await worst.click();
    await page.waitForFunction((all) => !document.querySelector("#count").textContent.startsWith(all + " of") || document.querySelector("#f-field").value || document.querySelector("#f-tag").value, data.cases.length);
    assert.equal(await count(page), reckon(data, Object.fromEntries(field)), "a worst field leads to its cases");
    await page.locator("#f-clear").click();
  }
}

async function volume(page) {
  const card = page.locator(".card[data-usd]").first();
  if (!(await card.count())) return;
  await page.locator("#volume").fill("2000000");
  const usd = Number(await card.getAttribute("data-usd")) * 2000;
  const shown = (await card.locator(".monthly").textContent()).replace(/[^0-9.]/g, "");
  assert.ok(Math.abs(Number(shown) - usd) <= 0.006, `the monthly cost is ${shown} and should be ${usd}`);
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

function everywhere(browser, name, file, use) {
  const devices = [["phone", 390], ["desktop", 1440]];
  return ["light", "dark"].flatMap((colorScheme) => devices.map(([device, width]) => async () => {
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
  }));
}

// Every case of every page is opened.
async function attacked(browser, file) {
  const { page, troubles } = await open(browser, file, {});
  let cases = 0;
  let pages = 0;
  for (const part of await page.locator("details.part").all()) await part.evaluate((part) => { part.open = true; });
  if (await page.locator("#f-controls").count()) await page.locator("#f-controls").check();
  while (await page.locator("#cases").count()) {
    pages += 1;
    cases += await page.locator("#list tbody").evaluate(async (body) => {
      const names = [...body.querySelectorAll("button")];
      for (const name of names) {
        name.click();
        const shown = document.querySelector("#case");
        for (const fold of shown.querySelectorAll("details")) fold.open = true;
        for (const more of shown.querySelectorAll("button.link")) more.click();
        await new Promise(requestAnimationFrame);
        shown.close();
        await new Promise((done) => setTimeout(done));
      }
      return names.length;
    });
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
  assert.ok(trials >= 10_000 && bytes < 12e6, `${trials} trials, ${bytes} bytes`);
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
  const times = [await timed("verdict", "wrong"), await timed("disagree", true), await timed("provider", data.providers[3].name), await timed("dataset", data.cases[0].dataset)];
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

// One page after the other would leave a core without work.
async function together(checks) {
  const left = [...checks];
  const work = async () => { while (left.length) await left.shift()(); };
  await Promise.all([work(), work(), work()]);
}

function ofReport(browser) {
  const use = async (page) => {
    await sorting(page);
    await limits(page);
    await volume(page);
    await filters(page);
    await opening(page);
  };
  return [...everywhere(browser, "report", report, use), () => layout(open, browser, "report", report)];
}

function ofFolder(browser) {
  const file = (name) => path.join(folder, name + ".html");
  const atOneSize = (name, use) => async () => {
    const { page, troubles } = await open(browser, file(name), { viewport: { width: 1280, height: 900 } });
    await use(page);
    await accessible(page, name);
    assert.deepEqual(troubles, [], name);
    await page.close();
  };
  const laidOut = (name) => () => layout(open, browser, name, file(name));
  const changed = ["two", "dozen", "scores", "same", "failed", "renamed", "apart", "three"].flatMap((run) => ["compare-" + run, "gate-" + run]);
  const attacks = ["attack", ...["compare", "gate", "history", "automation", "cascade", "cascade-people", "labels"].map((name) => "attack-" + name)];
  const runs = ["two", "dozen", "many", "ties", "failed", "one"];
  return [
    laidOut("large"),
    ...everywhere(browser, "history", file("history"), sorting),
    ...["compare-two", "gate-two"].flatMap((name) => everywhere(browser, name, file(name), async (page) => { await sorting(page); await compared(page); })),
    ...changed.filter((name) => fs.existsSync(file(name))).flatMap((name) => [laidOut(name), atOneSize(name, compared)]),
    ...runs.flatMap((name) => [laidOut(name), atOneSize(name, async (page) => { await limits(page); await volume(page); await opening(page); })]),
    ...everywhere(browser, "evidence", file("evidence"), evidence),
    ...["automation", "cascade", "cascade-people", "labels"].flatMap((name) => [...everywhere(browser, name, file(name), sorting), laidOut(name)]),
    ...attacks.map((name) => () => attacked(browser, file(name))),
  ];
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  try {
    await together([...(folder ? ofFolder(browser) : []), ...ofReport(browser)]);
    // Alone, because it is timed.
    if (folder) await large(browser, path.join(folder, "large.html"));
    console.log("the pages work in a browser");
  } finally {
    await browser.close();
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; });
