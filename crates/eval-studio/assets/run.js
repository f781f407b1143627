// The page of a run: cases, one case, and the run as it goes on.
import { button, get, make, name, picture, post, rename } from "./api.js";
import { drawAnswer, drawComments, drawSide, fieldName, places, shownAnswers } from "./case.js";
import { caseList, keyOf } from "./cases.js";
import { decider, understood } from "./decide.js";
import { judging } from "./judge.js";
import { live } from "./live.js";
import { viewer } from "./viewer.js";

const at = (id) => document.getElementById(id);
const say = (text) => { at("said").textContent = text; };
const fail = (error) => {
  at("alarm").textContent = error.message;
  clearTimeout(fail.timer);
  fail.timer = setTimeout(() => { at("alarm").textContent = ""; }, 8000);
};

let view = null;
let here = 0;
let busy = false;
// The doubtful labels, and the one that is worked on; -1 outside of the queue.
let queue = [];
let doubt = -1;
const saved = [];

const load = (key, page) => picture(`/api/review/media?dataset=${encodeURIComponent(key.dataset)}&case=${encodeURIComponent(key.case)}&at=${key.at}&page=${page}`);
const noMedium = (error) => {
  at("viewer").hidden = true;
  at("no-media").hidden = false;
  at("no-media").textContent = error.message;
};
const page = viewer(at("viewer"), noMedium, load);

// One thing after the other: a key that is pressed twice saves once.
const once = async (act) => {
  if (busy) return;
  busy = true;
  at("main").setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    fail(error);
    if (error.status === 409 && view) await draw(view).catch(fail);
  } finally {
    busy = false;
    at("main").setAttribute("aria-busy", "false");
  }
};

const room = (wanted) => {
  for (const id of ["list-room", "case-room", "live-room", "judge-room"]) at(id).hidden = id !== wanted;
  at("effect").hidden = ["live-room", "judge-room"].includes(wanted);
  at("go-review").setAttribute("aria-pressed", String(["list-room", "case-room"].includes(wanted)));
  at("go-live").setAttribute("aria-pressed", String(wanted === "live-room"));
  at("go-judge").setAttribute("aria-pressed", String(wanted === "judge-room"));
};

// Scores before and after all that was decided.
const drawEffect = (all) => {
  const own = all.candidates.filter((one) => !one.control);
  const moved = own.filter((one) => one.change);
  const { corrected, kept, unlabeled, readings } = all.counts;
  const words = [[corrected, "corrected"], [kept, "found right"], [unlabeled, "not judged"], [readings, "further readings accepted"]].filter(([count]) => count).map(([count, word]) => `${count} ${word}`);
  const line = at("effect-line");
  line.replaceChildren(words.length ? `Labels: ${words.join(", ")}. ` : "No label decided yet. ");
  for (const one of moved.slice(0, 4)) line.append(make("span", "", `${one.name} ${one.shown[0]} → ${one.shown[1]} `), make("span", one.change.startsWith("+") ? "moved up" : "moved down", `(${one.change}) `));
  if (words.length && !moved.length) line.append("No score changed. ");
  if (all.verdict_moved) line.append(make("strong", "", "The verdict reads otherwise now."));
  at("verdict-before").textContent = all.verdict_before;
  at("verdict-after").textContent = all.verdict_after;
  const head = make("thead");
  const heads = make("tr");
  heads.append(...["Candidate", "Run's labels", "Now", "Change (points)", "95% CI now", "Standing"].map((text) => {
    const cell = make("th", "", text);
    cell.scope = "col";
    return cell;
  }));
  head.append(heads);
  const body = make("tbody");
  body.append(...all.candidates.map((one) => {
    const row = make("tr");
    const label = make("th", "", one.name);
    label.scope = "row";
    row.append(label, make("td", "number", one.shown[0]), make("td", "number", one.shown[1]), make("td", one.change.startsWith("+") ? "number up" : one.change ? "number down" : "number", one.change || "–"), make("td", "number", one.interval), make("td", "", one.standing ?? ""));
    return row;
  }));
  at("scores").replaceChildren(head, body);
};

const drawQueue = (found) => {
  queue = found.items;
  at("queue-left").textContent = found.left ? `(${found.left})` : "";
  at("queue-about").textContent = `About ${found.probably_wrong} of ${found.values} values of labels are probably wrong: good candidates agree with each other against them. ${found.left} of those listed are not decided.`;
  at("queue-start").disabled = !found.left;
  at("queue").replaceChildren(...queue.map((item, number) => {
    const line = make("li", item.decided ? "done" : "");
    const text = `${item.case} · ${item.field || "label"}: ${item.label || "null"}${item.suggestion ? ` or ${item.suggestion[1] || "null"}` : ""}`;
    line.append(button(text, () => { at("queue-dialog").close(); once(() => openDoubt(number)); }, "link"), make("span", "badge", ` ${item.probability}${item.decided ? " · decided" : ""}`));
    return line;
  }));
};

// After each decision: the scores, the list and the queue follow. What was saved is saved before.
const rescore = async () => {
  const [all, cases] = [await get("/api/review"), await get("/api/review/cases")];
  at("name").textContent = all.name;
  document.title = `${all.name} – Review`;
  at("live-dot").hidden = !all.live;
  at("go-judge").hidden = !all.has_open;
  drawEffect(all);
  list.take(cases, all.candidates, new Map(all.about.map((one) => [keyOf(one), one])));
  drawQueue(await get("/api/review/queue"));
  return all;
};

const choose = (number) => {
  here = Math.min(Math.max(number, 0), view.fields.length - 1);
  const rows = [...at("side").querySelectorAll(".field-row")];
  rows.forEach((row, other) => {
    row.classList.toggle("here", other === here);
    row.tabIndex = other === here ? 0 : -1;
  });
  page.mark(places(answers(), view.fields[here]));
};
const focusRow = () => at("side").querySelectorAll(".field-row")[here]?.focus();
const answers = () => shownAnswers(view, at("f-controls").checked).sort((a, b) => list.rank(a.by) - list.rank(b.by) || a.repeat - b.repeat);

const drawDoubt = () => {
  const item = queue[doubt];
  at("doubt").hidden = !item;
  if (!item) return;
  const who = item.against.length ? ` ${item.against.join(", ")} read ${item.suggestion ? item.suggestion[1] || "null" : "something else"}.` : "";
  at("doubt").textContent = `Doubtful label ${doubt + 1} of ${queue.length}: ${item.field || "the label"} is ${item.label || "null"}, and wrong with a probability of ${item.probability}.${who}`;
};

// Shows a case; the media stay where they are if it is the same.
const draw = async (of) => {
  const shown = await get(`/api/review/case?dataset=${encodeURIComponent(of.dataset)}&case=${encodeURIComponent(of.case)}`);
  const other = !view || keyOf(view) !== keyOf(shown) || at("case-room").hidden;
  view = shown;
  room("case-room");
  at("case-name").textContent = view.case;
  at("where").textContent = [view.dataset, list.place(view)].join(" · ");
  at("tags").textContent = view.tags.join(" · ");
  at("case-state").replaceChildren(...(view.flagged === null ? [] : [make("span", "badge bad", view.flagged ? `flagged: ${view.flagged}` : "flagged")]));
  at("flag").firstChild.textContent = view.flagged === null ? "Flag " : "Remove flag ";
  at("prompt").textContent = [view.system, view.prompt].filter(Boolean).join("\n\n");
  at("side").replaceChildren(...drawSide(view, answers(), choose));
  at("comments").replaceChildren(...drawComments(view, (batch) => once(() => takeBack(batch))));
  at("answers").replaceChildren(...answers().map(drawAnswer));
  decide.close();
  drawDoubt();
  if (other) {
    here = 0;
    at("case-scroll").scrollTop = 0;
    at("viewer").hidden = false;
    at("no-media").hidden = true;
    const pick = (number) => {
      for (const [one, choice] of [...at("media").children].entries()) choice.setAttribute("aria-pressed", String(one === number));
      at("viewer").hidden = false;
      at("no-media").hidden = true;
      return page.show({ dataset: view.dataset, case: view.case, at: number }, view.media[number]);
    };
    at("media").replaceChildren(...(view.media.length > 1 ? view.media.map((_, number) => button(`Medium ${number + 1}`, () => pick(number))) : []));
    if (view.media.length) pick(0);
  }
  choose(here);
  focusRow();
};

const open = (one) => once(() => {
  doubt = -1;
  return draw(one);
});
const openDoubt = async (number) => {
  const item = queue[number];
  if (!item) return;
  doubt = number;
  await draw(item);
  here = Math.max(view.fields.findIndex((field) => field.name === item.field), 0);
  focusRow();
};
const back = () => {
  doubt = -1;
  view = null;
  room("list-room");
  list.focus();
};

const next = (by) => once(async () => {
  if (doubt >= 0) {
    let to = doubt + by;
    while (queue[to]?.decided) to += by;
    if (queue[to]) return openDoubt(to);
    say("no further doubtful label");
    return back();
  }
  const beside = list.beside(view, by);
  if (beside) await draw(beside);
});

const save = (changes, reason, done) => once(async () => {
  const { batch } = await post("/api/review/decide", { by: name(), dataset: view.dataset, case: view.case, changes, reason });
  saved.push({ batch, dataset: view.dataset, case: view.case });
  say("saved");
  done?.();
  at("effect").setAttribute("aria-busy", "true");
  await rescore();
  at("effect").removeAttribute("aria-busy");
  await draw(view);
});

const decide = decider({ at, save, understand: understood(() => view) });
const list = caseList({ at, open });
const judges = judging({ at, fail });
const watch = live({ at, fail, ended: () => once(rescore) });

const takeBack = async (batch) => {
  await post("/api/review/undo", { by: name(), batch });
  await rescore();
  if (view) await draw(view);
};
const undo = () => once(async () => {
  const last = saved.pop();
  if (!last) return fail(new Error("Nothing was saved in this window."));
  await takeBack(last.batch);
  if (!view || keyOf(view) !== keyOf(last)) await draw(last);
  say("undone");
});

const field = () => view.fields[here];
const nothing = (of) => (of.shape.shape === "rows" ? { is: "value", value: [] } : of.nullable ? { is: "absent" } : null);
const acts = {
  keep: () => save([{ field: field().name, seen: field().version, keep: true }], ""),
  edit: () => decide.open(field(), {}),
  null: () => {
    const label = nothing(field());
    if (label) decide.open(field(), { label, shown: label.is === "absent" ? "null" : "an empty list" });
    else fail(new Error(`${fieldName(field())} cannot be null`));
  },
  unlabel: () => decide.open(field(), { label: { is: "unlabeled" }, shown: "nothing, and judge no answer here" }),
};
const take = (number, also) => {
  const reading = answers()[number]?.readings[field().name];
  if (!reading) return;
  if (reading[1] === field().stands) return fail(new Error("This is what the label says: K confirms it."));
  if (also && !view.takes_readings) return fail(new Error("Another reading cannot be accepted in this task: correct the label."));
  decide.open(field(), { label: reading[0], shown: reading[1] || "null", also });
};

// A flag with its reason, or a comment.
let saying = null;
const ask = (title, label, then) => {
  saying = then;
  [at("say-title").textContent, at("say-label").textContent, at("say").value] = [title, label, ""];
  at("say-dialog").showModal();
};
const remark = (path, more) => once(async () => {
  const { batch } = await post(path, { by: name(), dataset: view.dataset, case: view.case, ...more });
  if (path.endsWith("comment")) saved.push({ batch, dataset: view.dataset, case: view.case });
  await rescore();
  await draw(view);
});
const flag = () => {
  if (view.flagged !== null) return remark("/api/review/flag", { on: false });
  ask("Flag this case", "Reason", (text) => remark("/api/review/flag", { on: true, text }));
};
const comment = () => ask("Comment on this case", "Comment", (text) => text.trim() && remark("/api/review/comment", { text }));
at("say-dialog").querySelector("form").addEventListener("submit", () => saying(at("say").value));

const showApply = async () => {
  at("apply-dialog").showModal();
  const all = await get("/api/review");
  const lines = all.datasets.filter((one) => one.decided).map((one) => {
    const line = make("p");
    line.append(`${one.name} ${one.version}: ${one.decided} decision${one.decided === 1 ? "" : "s"} `);
    const write = button("Write a new version", () => once(async () => {
      const done = await post("/api/review/apply", { dataset: one.name });
      line.replaceChildren(`${done.dataset} ${done.from} is now ${done.version}: ${done.changed} of ${done.decided} decided labels changed.`, make("pre", "", `vision-eval report RUN --labels ${done.folder}`));
    }), "main");
    if (one.here) line.append(write);
    else line.append(make("span", "note", "Its folder may not be opened from here: start the studio with --dataset FOLDER, or use the command below."));
    return line;
  });
  at("apply").replaceChildren(...(lines.length ? lines : [make("p", "note", "Nothing is decided yet.")]));
};
const download = () => once(async () => {
  const file = await get("/api/review/decisions");
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([file.text]));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});

const inCase = {
  k: acts.keep, e: acts.edit, n: acts.null, u: acts.unlabel, f: flag, c: comment, ".": () => next(1), ",": () => next(-1), Escape: back,
  ArrowDown: () => { choose(here + 1); focusRow(); }, ArrowUp: () => { choose(here - 1); focusRow(); },
};
const inList = { ArrowDown: () => list.move(1), ArrowUp: () => list.move(-1), j: () => list.move(1), k: () => list.move(-1), "/": () => at("f-text").focus() };
const everywhere = { z: undo, q: () => at("queue-dialog").showModal(), "?": () => at("help-dialog").showModal() };

const press = (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.target.matches("input, textarea, select")) return;
  if (event.target.matches("button, audio, summary") && ["Enter", " "].includes(event.key)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isCase = !at("case-room").hidden;
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (!at("judge-room").hidden && judges.keys[key]) {
    event.preventDefault();
    return judges.keys[key]();
  }
  let act = everywhere[key] ?? (isCase ? inCase[key] : at("list-room").hidden ? undefined : inList[key]);
  if (isCase && event.altKey) act = page.arrows[event.key];
  else if (isCase && digit) act = () => take(Number(digit[1]) - 1, event.shiftKey);
  else if (isCase) act ??= page.keys[key];
  if (!act) return;
  event.preventDefault();
  act();
};
document.addEventListener("keydown", press);

for (const one of document.querySelectorAll("[data-act]")) one.addEventListener("click", () => acts[one.dataset.act]());
for (const [id, act] of [["back", back], ["next-case", () => next(1)], ["previous-case", () => next(-1)], ["flag", flag], ["comment", comment], ["undo", undo], ["download", download]]) at(id).addEventListener("click", () => act());
at("open-queue").addEventListener("click", everywhere.q);
at("queue-start").addEventListener("click", () => {
  at("queue-dialog").close();
  once(() => openDoubt(queue.findIndex((item) => !item.decided)));
});
at("open-help").addEventListener("click", everywhere["?"]);
at("open-apply").addEventListener("click", () => showApply().catch(fail));
at("f-controls").addEventListener("change", () => view && once(() => draw(view)));
at("go-live").addEventListener("click", () => {
  room("live-room");
  watch.look();
});
at("go-judge").addEventListener("click", () => {
  room("judge-room");
  judges.look();
});
at("go-review").addEventListener("click", () => {
  if (view) once(() => draw(view));
  else room("list-room");
});
for (const close of document.querySelectorAll("dialog .close")) close.addEventListener("click", () => close.closest("dialog").close());

const start = () => {
  at("open-name").textContent = name();
  once(async () => {
    const all = await rescore();
    // A run that goes on is watched first.
    if (all.live) {
      room("live-room");
      watch.look();
    } else list.focus();
  });
};
const who = () => {
  at("person").value = name();
  at("name-dialog").showModal();
};
at("name-dialog").querySelector("form").addEventListener("submit", () => {
  rename(at("person").value.trim());
  saved.length = 0;
  start();
});
at("name-dialog").addEventListener("cancel", (event) => { if (!name()) event.preventDefault(); });
at("open-name").addEventListener("click", who);
if (name()) start();
else who();
