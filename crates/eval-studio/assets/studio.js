// The walk through the documents, by keyboard or mouse.
import { get, make, name, post, rename } from "./api.js";
import { isList, nothing, row, standing } from "./fields.js";
import { dialogs } from "./rooms.js";
import { viewer } from "./viewer.js";

const at = (id) => document.getElementById(id);
let view = null;
let here = 0;
let editing = false;
let busy = false;
// Keys that were pressed while a value of a blind document was being saved: they belong to the next field.
let ahead = "";
// What was saved in this window, so that undo never reaches into another one.
const saved = [];

const say = (text) => { at("said").textContent = text; };
const fail = (error) => {
  at("alarm").textContent = error.message;
  clearTimeout(fail.timer);
  fail.timer = setTimeout(() => { at("alarm").textContent = ""; }, 8000);
};
const page = viewer(at("viewer"), fail);

// One thing after the other: a key that is pressed twice saves once.
const once = async (act) => {
  if (busy) return;
  busy = true;
  document.querySelector("main").setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    ahead = "";
    fail(error);
    if (error.status === 409 && view) await open({ document: view.document }).catch(fail);
  } finally {
    busy = false;
    document.querySelector("main").setAttribute("aria-busy", "false");
  }
};

const minutes = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`);

const progress = async () => {
  const all = await get(`/api/overview?by=${encodeURIComponent(name())}`);
  at("folder").textContent = all.folder;
  document.title = `${all.folder} – Studio`;
  at("meter").hidden = false;
  at("done").max = Math.max(all.documents, 1);
  at("done").value = all.done;
  const pace = all.seconds_each === null ? "" : ` · ${minutes(all.seconds_each)} each · ${minutes(all.seconds_left)} left`;
  at("pace").textContent = `${all.done} of ${all.documents}${pace}`;
  return all;
};

const badges = () => {
  const state = at("state");
  state.replaceChildren();
  for (const [reason, word] of [[view.flagged, "flagged"], [view.skipped, "skipped"]]) {
    if (reason !== null) state.append(make("span", "badge bad", reason ? `${word}: ${reason}` : word));
  }
  if (view.before) state.append(make("span", "badge", `renamed, before: ${view.before}`));
  if (view.changed) state.append(make("span", "badge bad", view.changed));
  if (view.blind) state.append(make("span", "badge", "blind"));
};

const draw = (focus) => {
  at("document").textContent = view.document;
  badges();
  const banner = at("banner");
  banner.hidden = !view.blind;
  banner.textContent = view.drawn
    ? "Drawn to be labeled without proposals, to measure how far proposals mislead."
    : "No proposals for this document: label it as you see it.";
  at("fields").replaceChildren(...view.fields.map((field, number) => row(field, number, acts(field))));
  at("accept-all").disabled = !view.fields.some((field) => !field.label && field.filled);
  at("undo").disabled = saved.length === 0;
  at("flag").firstChild.textContent = view.flagged === null ? "Flag " : "Remove flag ";
  at("skip").firstChild.textContent = view.skipped === null ? "Skip " : "Do not skip ";
  if (focus) move(here);
};

const finished = () => {
  view = null;
  at("document").textContent = "All documents are labeled";
  at("state").replaceChildren();
  at("banner").hidden = false;
  at("banner").textContent = "Nothing is left. Export the dataset, or open a document from the list.";
  at("fields").replaceChildren();
  at("open-files").focus();
};

const open = async (wanted) => {
  const shown = await post("/api/show", { by: name(), again: at("again").checked, ...wanted });
  await progress();
  if (!shown) return finished();
  const other = !view || view.document !== shown.document;
  view = shown;
  if (other) {
    ahead = "";
    page.show(view.document);
    here = Math.max(view.fields.findIndex((field) => !field.label), 0);
  }
  draw(true);
};

const move = (number) => {
  here = Math.min(Math.max(number, 0), view.fields.length - 1);
  const item = at("fields").children[here];
  editing = false;
  item?.focus();
  const field = view.fields[here];
  // What cannot be accepted has to be typed, unless there is something to choose, or others can be accepted by one key.
  const waits = view.fields.some((one) => !one.label && one.filled);
  if (field && (ahead || (!waits && !standing(field) && !field.offers.length))) edit();
};

// The row that is worked on, and where its proposals stand on the page.
const mark = (number) => {
  here = number;
  for (const [other, item] of [...at("fields").children].entries()) item.classList.toggle("here", other === number);
  const field = view.fields[number];
  page.mark([...field.offers, ...field.others].filter((offer) => !field.label || JSON.stringify(offer.label) === JSON.stringify(field.label)));
};

const edit = () => {
  const item = at("fields").children[here];
  const box = item?.querySelector(".editor");
  if (!box) return;
  box.hidden = false;
  item.classList.add("editing");
  editing = true;
  const input = box.querySelector("input, textarea");
  input.focus();
  if (!isList(view.fields[here])) input.select();
  if (!ahead) return;
  input.setRangeText(ahead, input.selectionStart, input.selectionEnd, "end");
  ahead = "";
  input.dispatchEvent(new Event("input"));
};

// Saves some fields as one, and goes to the next that is open; from the last to the next document.
const save = (changes) => once(async () => {
  const { batch } = await post("/api/labels", { by: name(), document: view.document, shown: view.shown, changes });
  saved.push({ batch, document: view.document });
  say(`saved ${changes.map((change) => change.field).join(", ")}`);
  const document = view.document;
  const before = here;
  await open({ document });
  const open_ = (field) => !field.label;
  const next = view.fields.findIndex((field, number) => number > before && open_(field));
  const any = next >= 0 ? next : view.fields.findIndex(open_);
  if (any >= 0) move(any);
  else if (view.fields.some((field) => field.others.length)) move(Math.min(before + 1, view.fields.length - 1));
  else await open({});
});

const change = (field, what) => ({ field: field.name, seen: field.version, ...what });

const acts = (field) => ({
  at: mark,
  edit: () => { here = view.fields.indexOf(field); edit(); },
  save: (what) => save([change(field, what)]),
  choose: (number) => {
    const offer = [...field.offers, ...field.others][number];
    if (offer) save([change(field, { label: offer.label })]);
  },
});

const accept = () => {
  const field = view.fields[here];
  const label = standing(field);
  if (field.label) return move(here + 1);
  if (label) return save([change(field, { label })]);
  edit();
};

const acceptAll = () => {
  const left = view.fields.filter((field) => !field.label && field.filled);
  if (left.length) save(left.map((field) => change(field, { label: field.offers[0].label })));
};

const undo = () => once(async () => {
  const last = saved.at(-1);
  if (!last) return say("nothing was saved in this window");
  try {
    await post("/api/undo", { by: name(), batch: last.batch });
  } finally {
    // What cannot be undone now never can.
    saved.pop();
  }
  view = view?.document === last.document ? view : null;
  await open(last.document ? { document: last.document } : {});
  if (!view) return say("undone");
  here = Math.max(view.fields.findIndex((field) => !field.label), 0);
  draw(true);
  say("undone");
});

// Labels came from a file: they can be taken back here, and the open document shows them.
const imported = (batch) => once(async () => {
  saved.push({ batch, document: view?.document });
  await open(view ? { document: view.document } : {});
});

const marked = (mark, on, reason, then) => once(async () => {
  await post("/api/mark", { by: name(), document: view.document, mark, on, reason });
  await open(then);
});

const flag = () => {
  if (view.flagged !== null) return marked("flagged", false, "", { document: view.document });
  at("reason").value = "";
  at("flag-dialog").showModal();
};

const skip = () => (view.skipped === null ? marked("skipped", true, "", {}) : marked("skipped", false, "", { document: view.document }));

// The next one after this that is not labeled, in the order of the list.
const next = () => once(async () => {
  const { list } = await progress();
  const left = list.filter((one) => !one.done && !one.skipped).map((one) => one.document);
  const after = left.find((document) => document > view.document) ?? left[0];
  await open(after ? { document: after } : {});
});

const keys = {
  Enter: accept, a: acceptAll, e: () => edit(), z: undo, f: flag, s: skip, ".": next,
  n: () => {
    const label = nothing(view.fields[here]);
    if (label) acts(view.fields[here]).save({ label });
  },
  u: () => acts(view.fields[here]).save({ label: { is: "unlabeled" } }),
  ArrowDown: () => move(here + 1), ArrowUp: () => move(here - 1), j: () => move(here + 1), k: () => move(here - 1),
  "?": () => at("help-dialog").showModal(),
};

// With Alt, a key is known by its place on the keyboard, as it may type anything.
const codes = { Period: ".", Minus: "-", Equal: "+", NumpadAdd: "+", NumpadSubtract: "-", BracketLeft: "[", BracketRight: "]", Slash: "?", Enter: "Enter", ArrowUp: "ArrowUp", ArrowDown: "ArrowDown" };

// In a blind document there is nothing to choose: what is typed goes into the field, and is no command without Alt.
const ofField = (event) =>
  view.blind && event.key.length === 1 && !event.altKey && (event.target === document.body || at("fields").contains(event.target)) && !(event.key === " " && event.target.matches("button"));

const press = (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.isComposing || !view) return;
  const typing = event.target.matches("input, textarea, select");
  if (ofField(event)) {
    if (!busy) return typing ? undefined : edit();
    event.preventDefault();
    ahead += event.key;
    return;
  }
  if (event.key === "Escape" && typing && editing) {
    event.preventDefault();
    const item = at("fields").children[here];
    item.querySelector(".editor").hidden = true;
    item.classList.remove("editing");
    editing = false;
    return item.focus();
  }
  if (typing && !event.altKey) return;
  // On a button, Enter and the space bar press it.
  if (event.target.matches("button, audio") && ["Enter", " "].includes(event.key)) return;
  const key = event.altKey ? codes[event.code] ?? event.code.replace(/^(Key|Digit)/, "").toLowerCase() : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let act = event.shiftKey && page.arrows[key] ? page.arrows[key] : keys[key];
  if (/^[1-9]$/.test(key)) act = () => acts(view.fields[here]).choose(Number(key) - 1);
  act ??= page.keys[key];
  if (!act) return;
  event.preventDefault();
  act();
};

document.addEventListener("keydown", press);
for (const [id, act] of [["accept-all", acceptAll], ["undo", undo], ["flag", flag], ["skip", skip], ["next", next]]) at(id).addEventListener("click", () => act());
at("flag-dialog").querySelector("form").addEventListener("submit", () => marked("flagged", true, at("reason").value, { document: view.document }));

const start = () => {
  at("open-name").textContent = name();
  once(() => open({}));
};
const whoLabels = () => {
  at("name").value = name();
  at("name-dialog").showModal();
};
at("name-dialog").querySelector("form").addEventListener("submit", () => {
  rename(at("name").value.trim());
  saved.length = 0;
  view = null;
  start();
});
at("name-dialog").addEventListener("cancel", (event) => { if (!name()) event.preventDefault(); });
at("open-name").addEventListener("click", whoLabels);
dialogs({ at, progress, fail, imported, open: (document) => once(() => open({ document })) });
if (name()) start();
else whoLabels();
