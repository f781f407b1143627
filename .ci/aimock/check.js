// Drives the built binary against a server that we did not write: every dialect must be understood by both sides.
// check.js AIMOCK VISION_EVAL
"use strict";
const assert = require("node:assert/strict");
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");

const [aimock, program] = process.argv.slice(2).map((word) => path.resolve(word));
const KEY = "sk-not-a-real-key-7f3a";
const IMAGE = path.resolve("datasets/charts/media", fs.readdirSync("datasets/charts/media").sort()[0]);
const SCHEMA = path.resolve("target/aimock/label.schema.json");

const DOORS = [
  { model: "openai/gpt-5.6-luna", variable: "OPENAI", base: "/v1", path: "/v1/chat/completions" },
  { model: "openai/gpt-5-pro", variable: "OPENAI", base: "/v1", path: "/v1/responses" },
  { model: "anthropic/claude-haiku-5-5", variable: "ANTHROPIC", base: "", path: "/v1/messages" },
  {
    model: "gemini/gemini-3.7-flash",
    variable: "GEMINI",
    base: "",
    path: "/v1beta/models/gemini-3.7-flash:generateContent",
  },
  { model: "compatible/any", variable: "COMPATIBLE", base: "/v1", path: "/v1/chat/completions" },
];

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ready(url, server) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    assert.equal(server.exitCode, null, "aimock ended at once");
    const reply = await fetch(url).catch(() => null);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`nothing answers at ${url}`);
}

function ask(door, host, ...words) {
  const { status, stdout, stderr } = spawnSync(program, ["ask", door.model, IMAGE, ...words], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      [`${door.variable}_API_KEY`]: KEY,
      [`${door.variable}_BASE_URL`]: `${host}${door.base}`,
    },
    timeout: 60_000,
  });
  assert.ok(!stderr.includes(KEY), "the key is shown");
  return { status, answer: stdout.trim(), notes: stderr.trim() };
}

// The journal keeps a chat-completions body as it came, and of the others only the words: there the length must do.
function carries(request, image) {
  const base64 = image.toString("base64");
  if (request.path.endsWith("/chat/completions")) return JSON.stringify(request.body).includes(base64);
  return Number(request.headers["content-length"]) > base64.length;
}

async function check(door, host) {
  const journal = async () => (await fetch(`${host}/__aimock/journal`)).json();
  const before = (await journal()).length;
  const text = ask(door, host, "Which quarter was best?");
  assert.deepEqual([text.status, text.answer], [0, "Q4, with 620"], text.notes);

  const json = ask(door, host, "--schema", SCHEMA, "What is it?");
  assert.equal(json.status, 0, json.notes);
  assert.deepEqual(JSON.parse(json.answer), { label: "chart" });

  const rejected = ask(door, host, "Who am I?");
  assert.equal(rejected.status, 96, rejected.notes);
  assert.match(rejected.notes, /key rejected by 127\.0\.0\.1:\d+/);

  const refused = ask(door, host, "Too long?");
  assert.equal(refused.status, 1, refused.notes);
  assert.match(refused.notes, /the prompt is too long/);

  const image = fs.readFileSync(IMAGE);
  const requests = (await journal()).slice(before);
  assert.equal(requests.length, 4);
  for (const request of requests) {
    assert.equal(request.path, door.path);
    assert.ok(carries(request, image), `the image did not arrive whole at ${door.path}`);
    assert.ok(!JSON.stringify(request).includes(KEY), "the key stands outside its header");
  }
  console.log(`${door.model}: text, schema, wrong key and refused request through ${door.path}`);
}

async function main() {
  const label = { type: "string", enum: ["chart", "photo"] };
  const schema = { type: "object", properties: { label }, required: ["label"], additionalProperties: false };
  fs.writeFileSync(SCHEMA, JSON.stringify(schema));
  const port = await freePort();
  const fixtures = path.join(__dirname, "fixtures.json");
  const words = [aimock, "-p", String(port), "-f", fixtures, "--strict", "--log-level", "warn"];
  const server = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
  try {
    const host = `http://127.0.0.1:${port}`;
    await ready(`${host}/__aimock/journal`, server);
    for (const door of DOORS) await check(door, host);
  } finally {
    server.kill();
  }
  console.log(`${DOORS.length} doors: both sides understand each other`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
