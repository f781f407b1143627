"use strict";
// The whole way by keyboard: a folder of files, fields, proposals, labels, a dataset, a run; then its review, and a run that is
// watched. Times are printed, not judged.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [out, binary, scans] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const home = fs.mkdtempSync(path.join(os.tmpdir(), "studio-"));
const folder = path.join(home, "scans");
fs.cpSync(scans, folder, { recursive: true });
const count = fs.readdirSync(folder).length;

// The model answers in this process, so nothing may wait for a command with everything else.
const run = async (...words) => {
  const child = spawn(binary, words, { cwd: home });
  let told = "";
  child.stderr.on("data", (text) => { told += text; });
  child.stdout.resume();
  const code = await new Promise((end) => { child.on("close", end); });
  assert.equal(code, 0, words.join(" ") + ": " + told);
};

// A model on this machine that reads every document alike, slowly if it is told to.
const host = { wait: 0, asked: 0 };
const model = http.createServer((request, reply) => {
  let body = "";
  request.on("data", (text) => { body += text; });
  request.on("end", () => {
    host.asked += 1;
    const asked = JSON.parse(body).model;
    setTimeout(() => {
      // Five ways to describe a photograph, and one to read a document.
      const content = asked.startsWith("d") ? `Description ${asked}: a picture in which there is something to see.` : JSON.stringify({ date: "2023-01-07", number: "4711", sender: "Mayura Super Bazaar", recipient: null, subject: null, total: 1613.86 });
      reply.setHeader("content-type", "application/json");
      reply.end(JSON.stringify({ id: "x", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }], usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } }));
    }, host.wait);
  });
});
const configure = () => fs.writeFileSync(path.join(home, "eval.toml"), ["max_concurrency = 2\n", ...["m", "d1", "d2", "d3", "d4", "d5"].map((name) => `[[provider]]
kind = "compatible"
model = "${name}"
base_url = "http://127.0.0.1:${model.address().port}/v1"
price = { input_per_mtok = 1.0, output_per_mtok = 1.0 }
`)].join(""));
const everybody = "local/fast,local/accurate,compatible/m";

// Starts the studio, and tells its address and when all proposals are there.
const start = async (opened, ...words) => {
  const child = spawn(binary, ["studio", opened, ...words], { cwd: home });
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

// In a blind document, what would be commands elsewhere is typed, also where nobody opened the field.
const types = async (page) => {
  const document = await named(page);
  await page.keyboard.press("Escape");
  await page.keyboard.type("null ");
  assert.equal(await page.evaluate(() => window.document.activeElement.value), "null ", "letters go into the field");
  assert.equal(await named(page), document);
  await page.evaluate(() => { window.document.activeElement.value = ""; });
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
  else if (await page.locator("#state .badge", { hasText: "blind" }).count()) await types(page);
  while ((await named(page)) === document) {
    if (keys > 40) throw new Error(document + " does not end");
    const typing = await page.evaluate(() => window.document.activeElement.matches("input, textarea"));
    if (typing) await press("Alt+KeyN");
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
  await saved(page, () => page.keyboard.press("Alt+KeyZ"));
  assert.notEqual(await total.locator(".value").textContent(), "1234.5", "undo takes it back");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+KeyR");
  await page.keyboard.press("Alt+Equal");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.match(await page.locator(".sheet").evaluate((sheet) => sheet.style.transform), /scale\(1\.5\) rotate\(90deg\)/);
  await page.keyboard.press("Alt+KeyF");
  await page.locator("#reason").fill("torn");
  await saved(page, () => page.keyboard.press("Enter"));
  await page.locator("#state", { hasText: "flagged: torn" }).waitFor();
  await page.keyboard.press("Escape");
  await saved(page, () => page.keyboard.press("Alt+KeyF"));
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
  await saved(one.page, () => one.page.keyboard.press("Alt+KeyU"));
  await two.page.keyboard.press("Alt+KeyU");
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

// The fields are chosen in the page.
const choose = async (browser, studio) => {
  const { page, troubles } = await open(browser, studio.address, { viewport: { width: 1024, height: 768 } });
  await page.locator("#templates label").first().waitFor();
  await page.locator("input[value=document]").check();
  await page.locator("#preview dt").first().waitFor();
  await page.locator("#blind").fill("20");
  await page.locator("#begin:enabled").waitFor();
  await shoot(page, "choose");
  await accessible(page, "the fields");
  await page.locator("#begin").click();
  await page.locator("#name").waitFor();
  assert.deepEqual(troubles, []);
  await page.close();
};

// Two labels of the dataset are spoilt before it is run.
const plant = () => {
  const file = path.join(folder + "-dataset", "cases.jsonl");
  const cases = fs.readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const labeled = cases.filter((one) => typeof one.expected.total === "number").slice(0, 2);
  const planted = labeled.map((one) => ({ id: one.id, total: one.expected.total }));
  for (const one of labeled) one.expected.total += 1000;
  fs.writeFileSync(file, cases.map((one) => JSON.stringify(one) + "\n").join(""));
  fs.rmSync(path.join(folder + "-dataset", "SHA256SUMS"), { force: true });
  assert.equal(planted.length, 2, "two documents with a total were labeled");
  return planted;
};

const decided = async (page, act) => {
  const answer = page.waitForResponse((reply) => /\/api\/review\/(decide|undo|flag|comment)$/.test(reply.url()));
  await act();
  assert.equal((await answer).status(), 200);
  await settled(page);
};
const rowOf = (page, field) => page.locator(`.field-row[data-field="${field}"]`);

// Corrects what was planted and sees the scores change; by keyboard, but for the search.
const review = async (browser, studio, planted) => {
  const { page, troubles } = await open(browser, studio.address, { viewport: { width: 1440, height: 900 } });
  await page.locator("#person").fill("anna");
  await page.keyboard.press("Enter");
  await page.locator("#list tbody button").first().waitFor();
  await settled(page);
  await shoot(page, "review-list");
  await accessible(page, "the cases");
  for (const [number, { id, total }] of planted.entries()) {
    await page.locator("#f-text").fill(id);
    await page.locator("#count", { hasText: "1 of 20 cases" }).waitFor();
    await page.locator("#list tbody button", { hasText: id }).click();
    await rowOf(page, "total").waitFor();
    await settled(page);
    await rowOf(page, "total").focus();
    await page.keyboard.press("e");
    await page.locator("#typed").fill(String(total));
    await page.locator("#echo.good").waitFor();
    await page.locator("#reason").fill("misread");
    if (number === 0) await shoot(page, "review-correct");
    await decided(page, () => page.keyboard.press("Enter"));
    await rowOf(page, "total").locator("ins", { hasText: String(total) }).waitFor();
    await accessible(page, "a case");
    await page.keyboard.press("Escape");
  }
  await page.locator("#effect-line", { hasText: "2 corrected" }).waitFor();
  assert.match(await page.locator("#effect-line").textContent(), /→/, "a score has changed");
  await page.locator("#effect summary").click();
  await shoot(page, "review-scores");
  await accessible(page, "the scores");
  await page.locator("#effect summary").click();
  await page.keyboard.press("Escape");
  await decided(page, () => page.keyboard.press("z"));
  await page.locator("#effect-line", { hasText: "1 corrected" }).waitFor();
  await rowOf(page, "total").focus();
  await page.keyboard.press("e");
  await page.locator("#typed").fill(String(planted[1].total));
  await decided(page, () => page.keyboard.press("Control+Enter"));
  await decided(page, async () => {
    await page.keyboard.press("f");
    await page.locator("#say").fill("torn");
    await page.keyboard.press("Enter");
  });
  await page.locator("#case-state", { hasText: "flagged: torn" }).waitFor();
  await page.locator("#open-apply").click();
  await page.locator("#apply button").click();
  await page.locator("#apply pre").waitFor();
  await shoot(page, "review-apply");
  await accessible(page, "applying");
  assert.deepEqual(troubles, []);
  await page.close();
  for (const [width, scheme] of [[1024, "dark"], [1024, "light"], [1920, "dark"], [1920, "light"]]) {
    const { page, troubles } = await open(browser, studio.address, { viewport: { width, height: width === 1024 ? 768 : 1080 }, colorScheme: scheme });
    await page.locator("#person").fill("ben");
    await page.keyboard.press("Enter");
    await page.locator("#list tbody button").first().click();
    await page.locator(".field-row").first().waitFor();
    await settled(page);
    await page.waitForTimeout(300);
    await shoot(page, `review-${width}-${scheme}`);
    await accessible(page, `review at ${width}, ${scheme}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `review at ${width}: nothing is wider than the window`);
    assert.deepEqual(troubles, []);
    await page.close();
  }
};

// Forty open answers are judged by keyboard, blind.
const judge = async (browser) => {
  const real = path.resolve(__dirname, "../../datasets/real");
  await run("run", "--dataset", real, "--task", "describe", "--provider", ["d1", "d2", "d3", "d4", "d5"].map((name) => "compatible/" + name).join(","), "--budget-usd", "1", "--yes", "--no-progress", "--run-dir", "open");
  const studio = await start("open", "--dataset", real);
  try {
    const { page, troubles } = await open(browser, studio.address, { viewport: { width: 1280, height: 900 } });
    await page.locator("#person").fill("anna");
    await page.keyboard.press("Enter");
    await page.locator("#go-judge").click();
    await page.locator("#checks li").first().waitFor();
    await page.waitForTimeout(500);
    await shoot(page, "judge");
    await accessible(page, "judging");
    assert.doesNotMatch(await page.locator("#judge-room").textContent(), /compatible/, "nobody sees who answered");
    let keys = 0;
    while (!/All answers/.test(await page.locator("#judge-progress").textContent())) {
      const before = await page.locator("#judge-progress").textContent();
      const checks = await page.locator("#checks li").count();
      for (let number = 0; number < checks; number += 1) {
        keys += 1;
        await page.keyboard.press(keys % 3 ? "n" : "y");
      }
      await page.waitForFunction((text) => document.getElementById("judge-progress").textContent !== text, before);
    }
    const lines = fs.readFileSync(path.join(home, "open/judged-by-people.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.length, 40);
    assert.equal(new Set(lines.map((line) => line.answer)).size, 40);
    assert.ok(lines.every((line) => line.author === "anna"));
    assert.deepEqual(troubles, []);
    await page.close();
    return keys;
  } finally {
    studio.child.kill();
  }
};

// A run that goes on: paused, resumed faster, stopped.
const live = async (browser) => {
  host.wait = 1500;
  const child = spawn(binary, ["run", "--dataset", folder + "-dataset", "--provider", "compatible/m", "--budget-usd", "1", "--yes", "--no-progress", "--run-dir", "live"], { cwd: home });
  const ended = new Promise((end) => { child.on("close", end); });
  while (!fs.existsSync(path.join(home, "live/trials.jsonl"))) await new Promise((wake) => setTimeout(wake, 50));
  const studio = await start("live", "--dataset", folder + "-dataset");
  try {
    const { page, troubles } = await open(browser, studio.address, { viewport: { width: 1024, height: 768 }, colorScheme: "dark" });
    await page.locator("#person").fill("anna");
    await page.keyboard.press("Enter");
    await page.locator("#live-asked li").first().waitFor();
    await shoot(page, "live");
    await accessible(page, "live");
    await page.locator("#pause").click();
    await page.locator("#live-state", { hasText: "Paused: nothing is sent" }).waitFor();
    const before = host.asked;
    await page.waitForTimeout(2500);
    assert.equal(host.asked, before, "a paused run asks nothing");
    await page.locator("#at-once").fill("3");
    await page.locator("#set-at-once").click();
    await page.locator("#pause", { hasText: "Resume" }).click();
    await page.locator("#live-asked li").nth(2).waitFor();
    await page.locator("#stop").click();
    await page.locator("#stop-dialog .main").click();
    assert.equal(await ended, 130, "it ends as with Ctrl-C");
    await page.locator("#live-state", { hasText: "Nothing runs" }).waitFor();
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    studio.child.kill();
    child.kill();
  }
};

(async () => {
  await new Promise((listens) => { model.listen(0, "127.0.0.1", listens); });
  configure();
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox"] });
  let studio = await start(folder, "--provider", everybody, "--budget-usd", "1", "--yes");
  try {
    await choose(browser, studio);
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
    studio.child.kill();
    await run("datasets", "check", folder + "-dataset");
    const planted = plant();
    await run("run", "--dataset", folder + "-dataset", "--provider", everybody, "--budget-usd", "1", "--yes", "--no-progress", "--run-dir", "run", "-o", "report.html");
    assert.ok(fs.statSync(path.join(home, "report.html")).size > 10_000);
    console.log("labeled, exported, checked, run and reported");
    studio = await start("run", "--dataset", folder + "-dataset");
    await review(browser, studio, planted);
    await run("report", "run", "--labels", folder + "-dataset");
    console.log("two planted labels corrected, scored anew, and written as a new version");
    console.log(`40 open answers judged with ${await judge(browser)} keys`);
    await live(browser);
    console.log("a run watched, paused, resumed and stopped");
  } finally {
    studio.child.kill();
    await browser.close();
    model.close();
  }
  fs.rmSync(home, { recursive: true });
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
