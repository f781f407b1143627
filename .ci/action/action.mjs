// Carries out the steps of action.yml as a runner does, as far as they are scripts: check.mjs says with what.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Replaces `${{ … }}`; only names, `||`, `&&`, `==`, `!=`, texts and always() are understood. */
function filled(text, context) {
  return String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression) => evaluated(expression, context) ?? "");
}

function evaluated(expression, context) {
  const code = expression
    .replace(/\b(inputs|github|runner|steps)((?:\.[\w-]+)+)/g, (_, root, rest) => `get(${JSON.stringify(root + rest)})`)
    .replace(/([^=!])==([^=])/g, "$1===$2");
  if (/[^\w\s()'".|&=!-]/.test(code)) throw new Error(`not understood: ${expression}`);
  const get = (name) => name.split(".").reduce((value, key) => value?.[key], context) ?? "";
  return new Function("get", "always", `return (${code})`)(get, () => true);
}

/** NAME=VALUE, or NAME<<END, lines and END. */
function keyValues(file) {
  const values = {};
  const lines = fs.readFileSync(file, "utf8").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const several = /^([^=<]+)<<(.+)$/.exec(lines[at]);
    if (several) {
      const end = lines.indexOf(several[2], at + 1);
      if (end < 0) throw new Error(`the value of ${several[1]} has no end`);
      values[several[1]] = lines.slice(at + 1, end).join("\n");
      at = end;
    } else if (lines[at].includes("=")) {
      values[lines[at].slice(0, lines[at].indexOf("="))] = lines[at].slice(lines[at].indexOf("=") + 1);
    }
  }
  return values;
}

/** As `shell: bash` of GitHub, which names these flags. The server on this machine goes on meanwhile. */
function ended(script, cwd, env) {
  return new Promise((done, failed) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], { cwd, env, timeout: 300_000 });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (printed += piece));
    child.on("error", failed);
    child.on("close", (status) => done({ status, printed }));
  });
}

/**
 * Runs the steps in `folder`. Steps that use other actions are only counted.
 * Returns the outcome of each step by its name, what all of them printed, the action's outputs and the job summary.
 */
export async function runAction(action, { folder, actionFolder, inputs, github, environment, temp }) {
  fs.mkdirSync(temp, { recursive: true });
  const file = (name) => {
    const place = path.join(temp, name);
    fs.writeFileSync(place, "");
    return place;
  };
  const files = { GITHUB_PATH: file("path"), GITHUB_STEP_SUMMARY: file("summary.md") };
  const context = { github, runner: { temp, os: environment.RUNNER_OS }, steps: {}, inputs: {} };
  for (const [name, input] of Object.entries(action.inputs)) {
    context.inputs[name] = inputs[name] ?? filled(input.default, context);
  }
  for (const name of Object.keys(inputs)) {
    if (!(name in action.inputs)) throw new Error(`the action has no input ${name}`);
  }
  const outcomes = {};
  let failed = false;
  let printed = "";
  for (const [number, step] of action.runs.steps.entries()) {
    const condition = step.if ?? "true";
    if ((failed && !condition.includes("always()")) || (step.if && !evaluated(condition, context))) {
      outcomes[step.name] = "skipped";
      continue;
    }
    if (step.uses) {
      outcomes[step.name] = "not run here";
      continue;
    }
    const output = file(`output-${number}`);
    const script = path.join(temp, `step-${number}.sh`);
    fs.writeFileSync(script, step.run);
    const added = fs.readFileSync(files.GITHUB_PATH, "utf8").split("\n").filter(Boolean).reverse();
    const variables = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, context)]);
    const cwd = path.join(folder, filled(step["working-directory"] ?? ".", context));
    const result = await ended(script, cwd, {
      ...environment,
      ...files,
      ...Object.fromEntries(variables),
      GITHUB_ACTION_PATH: actionFolder,
      GITHUB_OUTPUT: output,
      PATH: [...added, environment.PATH].join(":"),
    });
    printed += `--- ${step.name}\n${result.printed}`;
    if (step.id) context.steps[step.id] = { outputs: keyValues(output) };
    outcomes[step.name] = result.status === 0 ? "ok" : `exit ${result.status}`;
    failed ||= result.status !== 0;
  }
  const outputs = Object.entries(action.outputs).map(([name, output]) => [name, filled(output.value, context)]);
  return {
    failed,
    outcomes,
    printed,
    outputs: Object.fromEntries(outputs),
    summary: fs.readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
  };
}
