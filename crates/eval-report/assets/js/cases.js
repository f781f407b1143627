// The list of cases: one column per candidate in the order of the leaderboard, filters in the address.
const size = 50;
const providers = data?.providers ?? [];
const cases = data?.cases ?? [];
const media = data?.media ?? [];
const texts = data?.texts ?? [];
// Runs that are compared, the first of them with all others; nothing on the page of one run.
const sides = data?.sides ?? null;
const isControl = (place) => providers[place]?.control === true;
const state = (answer) => {
  if (answer.status) return answer.status;
  if (isUnknown(answer.score)) return "none";
  return answer.right ? "right" : "wrong";
};
const marks = { failed: "!", skipped: "–", missing: "?", none: "·", right: "✓", wrong: "✗" };
const percent = (share) => (isUnknown(share) ? "–" : (share * 100).toFixed(0) + "%");
const tagsOf = (one) => Object.entries(one.tags ?? {}).map(([tag, value]) => tag + " = " + value);
const answersOf = (one) => one.answers ?? [];
const keyOfCase = (one) => one.dataset + "/" + one.case;
const scoresOf = (one) => answersOf(one).filter((answer) => !isControl(answer.provider) && !isUnknown(answer.score)).map((answer) => answer.score);
const meanOf = (one) => {
  const scores = scoresOf(one);
  return scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : undefined;
};
const disagrees = (one) => {
  const scores = scoresOf(one);
  return scores.length > 1 && Math.max(...scores) - Math.min(...scores) > 1e-9;
};

const isThere = (name) => get("f-" + name) !== null;
const fields = ["text", "dataset", "tag", "field", "provider", "verdict", "change"].filter(isThere);
const checks = ["disagree", "controls"].filter(isThere);
const view = { found: cases, page: 0, row: 0, sort: "", down: false };

const wordsOf = (one) => {
  one.words ??= [one.case, texts[one.prompt], JSON.stringify(one.expected), ...answersOf(one).map((answer) => answer.text ?? "")].join("\n").toLowerCase();
  return one.words;
};
const fits = (one, wanted) => {
  if (wanted.dataset && one.dataset !== wanted.dataset) return false;
  if (wanted.tag && !tagsOf(one).includes(wanted.tag)) return false;
  if (wanted.field && !(one.wrong ?? []).includes(wanted.field)) return false;
  if (wanted.disagree && !disagrees(one)) return false;
  const place = wanted.provider ? providers.findIndex((provider) => provider.name === wanted.provider) : -1;
  if (wanted.change && !hasChange(one, wanted.change, place)) return false;
  const asked = answersOf(one).filter((answer) => (wanted.provider ? answer.provider === place : !isControl(answer.provider)));
  if (wanted.provider && !asked.length) return false;
  if (wanted.verdict === "right") { if (!asked.length || !asked.every((answer) => state(answer) === "right")) return false; }
  else if (wanted.verdict && !asked.some((answer) => state(answer) === wanted.verdict)) return false;
  return !wanted.text || wordsOf(one).includes(wanted.text.toLowerCase());
};
const wantedNow = () => {
  const wanted = {};
  for (const name of fields) wanted[name] = get("f-" + name).value;
  for (const name of checks) wanted[name] = get("f-" + name).checked;
  return wanted;
};

// What the list is sorted by; whoever has no answer to a case stands last.
const sorted = (found) => {
  if (!view.sort) return found;
  const sortValue = (one) => {
    if (view.sort === "case") return one.case;
    if (view.sort === "mean") return sides ? changeOf(one) : meanOf(one);
    const place = Number(view.sort);
    if (sides) return movesOf(one)[place];
    return answersOf(one).find((answer) => answer.provider === place && !answer.repeat)?.score;
  };
  const keyed = found.map((one) => ({ one, key: sortValue(one) }));
  const known = keyed.filter(({ key }) => !isUnknown(key)).sort((a, b) => order(a.key, b.key) * (view.down ? -1 : 1));
  return [...known, ...keyed.filter(({ key }) => isUnknown(key))].map(({ one }) => one);
};

// A view can be shared: whoever opens the address sees the same cases.
const remember = (open) => {
  const words = new URLSearchParams();
  const wanted = wantedNow();
  for (const [name, value] of Object.entries(wanted)) if (value) words.set(name, value === true ? "1" : value);
  if (view.sort) words.set("sort", (view.down ? "-" : "") + view.sort);
  if (view.page) words.set("page", String(view.page + 1));
  if (open) words.set("open", open);
  const text = words.toString();
  try { history.replaceState(null, "", text ? "#cases?" + text : "#cases"); } catch { /* Some viewers forbid it. */ }
};
const recall = () => {
  if (!location.hash.startsWith("#cases?")) return false;
  const words = new URLSearchParams(location.hash.slice("#cases?".length));
  for (const name of fields) {
    const field = get("f-" + name);
    field.value = words.get(name) ?? "";
    if (field.value !== (words.get(name) ?? "")) field.value = "";
  }
  for (const name of checks) get("f-" + name).checked = words.get(name) === "1";
  const sort = words.get("sort") ?? "";
  view.down = sort.startsWith("-");
  view.sort = sort.replace(/^-/, "");
  filter(false);
  const pages = Math.ceil(view.found.length / size);
  view.page = Math.min(Math.max((Number(words.get("page")) || 1) - 1, 0), Math.max(pages - 1, 0));
  show();
  get("cases").scrollIntoView();
  const open = words.get("open");
  if (open) openKey(open, false);
  return true;
};

const filter = (remembers = true) => {
  const wanted = wantedNow();
  view.found = sorted(cases.filter((one) => fits(one, wanted)));
  view.page = 0;
  view.row = 0;
  if (remembers) remember();
  show();
};

const columns = () => {
  const wanted = get("f-provider").value;
  const shown = (provider) => (wanted ? provider.name === wanted : !provider.control || get("f-controls")?.checked);
  return providers.map((provider, place) => ({ provider, place })).filter(({ provider }) => shown(provider));
};
const drawPill = (answer, name) => {
  const kind = state(answer);
  const pill = make("span", "pill " + kind, marks[kind] + " " + (answer.status ?? percent(answer.score)));
  if (!answer.status && !isUnknown(answer.score)) pill.style.setProperty("--share", (answer.score * 100).toFixed(0) + "%");
  pill.title = name + (answer.repeat ? ", repeat " + (answer.repeat + 1) : "");
  return pill;
};
// A name may be broken behind its slashes, and not within a word.
const parted = (text) => text.split(/(?<=\/)/).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));
const drawHead = (text, title, sort) => {
  const head = make("th");
  head.scope = "col";
  const by = button("", "", () => {
    view.down = view.sort === sort ? !view.down : false;
    view.sort = sort;
    filter();
    get("list").tHead.querySelector("[aria-sort] button")?.focus();
  });
  by.append(...parted(text));
  if (title !== text) by.setAttribute("aria-label", title.startsWith(text) ? title : text + ": " + title);
  if (view.sort === sort) head.setAttribute("aria-sort", view.down ? "descending" : "ascending");
  head.title = title;
  head.append(by);
  return head;
};
const drawHeads = (shown) => {
  const numbered = shown.length > 5;
  const names = shown.map(({ provider, place }) => drawHead(numbered ? String(place + 1) : provider.name, provider.name, String(place)));
  get("list").tHead.rows[0].replaceChildren(drawHead("Case", "Case", "case"), sides ? drawHead("Change", "Largest change of the score in points, losses before gains", "mean") : drawHead("Mean", "Mean score of the candidates", "mean"), ...names);
  // Where numbers stand for names, the names stand above.
  get("names").hidden = !numbered;
  get("names").replaceChildren(...(numbered ? shown.map(({ provider, place }) => {
    const line = make("li", "", provider.name);
    line.value = place + 1;
    return line;
  }) : []));
};
const drawRow = (one, shown, at) => {
  const row = make("tr");
  const name = make("th");
  name.scope = "row";
  const about = [one.dataset, ...tagsOf(one)].join(" · ");
  const small = make("small", "", about);
  small.title = about;
  name.append(button("link", one.case, () => { view.row = at; openAt(view.page * size + at); }), small);
  row.append(name, make("td", "number", sides ? inPoints(changeOf(one)) : percent(meanOf(one))));
  for (const { provider, place } of shown) {
    const cell = make("td", sides ? changeName(movesOf(one)[place]) : "");
    const answers = answersOf(one).filter((answer) => answer.provider === place);
    cell.append(...(sides ? drawSteps(answers, provider.name) : answers.map((answer) => drawPill(answer, provider.name))));
    row.append(cell);
  }
  return row;
};
const show = () => {
  const shown = columns();
  const pages = Math.max(1, Math.ceil(view.found.length / size));
  drawHeads(shown);
  get("list").tBodies[0].replaceChildren(...view.found.slice(view.page * size, (view.page + 1) * size).map((one, at) => drawRow(one, shown, at)));
  if (!view.found.length) {
    const row = make("tr");
    const cell = make("td", "empty", "No case matches. Clear a filter.");
    cell.colSpan = shown.length + 2;
    row.append(cell);
    get("list").tBodies[0].append(row);
  }
  const elsewhere = sides ? ", those that changed least" : ", the CSV and JSONL have them";
  const more = data.left_out ? "; " + data.left_out + " more had no room in this page" + elsewhere : "";
  get("count").textContent = view.found.length + " of " + cases.length + " cases" + more;
  get("page").textContent = "Page " + (view.page + 1) + " of " + pages;
  get("previous").disabled = view.page === 0;
  get("next").disabled = view.page + 1 >= pages;
};
const turn = (by) => {
  view.page += by;
  view.row = 0;
  remember();
  show();
  get("cases").scrollIntoView();
  focusRow();
};
const focusRow = () => get("list").tBodies[0].rows[view.row]?.querySelector("button")?.focus({ preventScroll: false });
