// What opens over the walk: the list, the figures, files.
import { Refused, button, get, make, name, post } from "./api.js";

const share = (of, what, missing) => {
  if (!of.of) return `not measured yet: ${missing}`;
  const percent = (part) => `${(100 * part).toFixed(1)}%`;
  return `${of.count} of ${of.of} (${percent(of.count / of.of)}, 95% CI ${percent(of.low)} to ${percent(of.high)}) ${what}`;
};

const states = (one) => ["done", "flagged", "skipped", "disagreed"].filter((state) => one[state]);

const list = async ({ at, progress, open }) => {
  const all = await progress();
  const wanted = at("list-filter").value;
  const fits = (one) => wanted === "all" || (wanted === "open" ? !one.done && !one.skipped : one[wanted]);
  const item = (one) => {
    const line = make("li");
    const words = { done: "labeled", disagreed: "disagreement" };
    line.append(button(one.document, () => {
      at("list-dialog").close();
      open(one.document);
    }, "link"));
    for (const state of states(one)) line.append(make("span", state === "done" ? "badge good" : "badge bad", words[state] ?? state));
    return line;
  };
  at("list").replaceChildren(...all.list.filter(fits).map(item));
  if (!at("list").children.length) at("list").append(make("li", "note", "No document is in this state."));
  if (all.left_out) at("list").append(make("li", "note", `${all.left_out} files are left out: links, names that are no text, or too many.`));
};

const trust = async ({ at }) => {
  const found = await get("/api/trust");
  const lines = make("dl");
  const add = (term, text) => lines.append(make("dt", "", term), make("dd", "", text));
  add("Labeled blind", `${found.blind} labels, no proposal in sight`);
  add("Confirmed", `${found.confirmed} labels, a proposal taken as it was`);
  add("Corrected", `${found.corrected} labels, a filled-in value replaced`);
  add("Entered", `${found.entered} labels, nothing was filled in`);
  add("Imported", `${found.imported} labels`);
  add("Proposals that mislead", share(found.misleading, "of the values that would have been filled in are wrong, by those who labeled blind", "nobody has labeled a value blind that would have been filled in"));
  add("Proposals replaced", share(found.replaced, "of the values that were filled in", "no value that was filled in is labeled"));
  const notes = [make("p", "note", "If far fewer filled-in values are replaced than blind labels say are wrong, people trust the proposals too much: have confirmed documents labeled again by another person.")];
  if (found.people.length) {
    const table = make("table");
    const head = make("tr");
    for (const text of ["Field", "People", "Values", "Agreement", "Alpha"]) head.append(make("th", "", text));
    table.append(head);
    const figure = (number, text) => (number === undefined || number === null ? "n/a" : text(number));
    for (const one of found.people) {
      const line = make("tr");
      const cells = [one.field, one.annotators.join(", "), String(one.values), figure(one.agreement, (it) => `${(100 * it).toFixed(1)}%`), figure(one.alpha, (it) => it.toFixed(2))];
      for (const text of cells) line.append(make("td", "", text));
      table.append(line);
    }
    notes.push(make("h3", "", "Agreement between people"), table);
  }
  at("trust").replaceChildren(lines, ...notes);
};

const download = (text, file) => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

const told = (place, lines, problems) => {
  place.replaceChildren(...lines.map((line) => make("p", "", line)));
  const shown = problems.slice(0, 20).map((text) => make("li", "", text));
  if (problems.length > 20) shown.push(make("li", "", `… and ${problems.length - 20} more`));
  const items = make("ul");
  items.append(...shown);
  if (shown.length) place.append(items);
};

const write = async ({ at }) => {
  const done = await post("/api/export", { by: name() });
  const labels = Object.entries(done.labels).map(([origin, count]) => `${count} ${origin}`).join(", ");
  const lines = [`${many(done.cases, "case")} in ${done.folder}`, `Labels: ${labels}`];
  if (done.kept) lines.push(`${many(done.kept, "decision")} of a review kept`);
  if (done.outdated) lines.push(`${many(done.outdated, "decision")} of a review not followed: the label is another one by now`);
  if (done.disagreements) lines.push(`${many(done.disagreements, "field")} left unlabeled: two people disagree`);
  const left = done.left_out.map((one) => `${one.document}: ${one.reason}`);
  told(at("exported"), lines, [...left, ...done.findings.map((text) => `datasets check: ${text}`)]);
  at("exported").append(make("pre", "", `vision-eval run --dataset ${done.folder} --provider local/accurate`));
};

const read = async ({ at, progress, imported }) => {
  const [file] = at("import").files;
  if (!file) return;
  const ending = file.name.split(".").at(-1).toLowerCase();
  const form = { csv: "csv", jsonl: "jsonl", json: "label-studio" }[ending];
  if (!form) throw new Refused("Choose a file that ends in .csv, .jsonl or .json", 0);
  const done = await post("/api/import", { by: name(), form, text: await file.text() });
  at("import").value = "";
  told(at("imported"), [`${many(done.labels, "label")} imported, ${done.known} known already, ${done.refused.length} refused`], done.refused);
  if (done.batch === null) return progress();
  at("imported").prepend(make("p", "", "Undo in the walk takes the whole import back, as long as nothing was labeled over it."));
  await imported(done.batch);
};

export const dialogs = (room) => {
  const { at, fail } = room;
  const guarded = (act) => () => act(room).catch(fail);
  const opens = (id, dialog, act) => at(id).addEventListener("click", () => {
    at(dialog).showModal();
    if (act) guarded(act)();
  });
  opens("open-list", "list-dialog", list);
  opens("open-trust", "trust-dialog", trust);
  opens("open-files", "files-dialog");
  opens("open-help", "help-dialog");
  at("list-filter").addEventListener("change", guarded(list));
  at("export").addEventListener("click", guarded(write));
  at("import").addEventListener("change", guarded(read));
  for (const one of document.querySelectorAll("[data-form]")) {
    one.addEventListener("click", guarded(async () => {
      const file = await get(`/api/table?form=${one.dataset.form}`);
      download(file.text, file.name);
      told(at("written"), file.left_out ? [`${many(file.left_out, "labeled document")} left out: flagged, skipped, or its file has changed since it was labeled`] : [], []);
    }));
  }
  for (const close of document.querySelectorAll("dialog .close")) close.addEventListener("click", () => close.closest("dialog").close());
};
