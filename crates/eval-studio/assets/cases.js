// The list of cases: filters and sorting as in the report, worst first.
import { button, make } from "./api.js";

const size = 50;
const marks = { failed: "!", skipped: "–", missing: "?", none: "·", right: "✓", wrong: "✗" };
const isUnknown = (value) => value === null || value === undefined;
const percent = (share) => (isUnknown(share) ? "–" : `${(share * 100).toFixed(0)}%`);
const order = (a, b) => (typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
export const keyOf = (one) => `${one.dataset}/${one.case}`;

export const pill = (state, score) => make("span", `pill ${state}`, `${marks[state] ?? ""} ${["failed", "skipped", "missing", "none"].includes(state) ? state : score}`);

export const caseList = ({ at, open }) => {
  const filters = ["text", "state", "field", "tag", "dataset", "by", "review"];
  const checks = ["disagree", "controls"];
  // Worst first, until somebody wants another order.
  const view = { all: [], found: [], candidates: [], about: new Map(), page: 0, row: 0, sort: "mean", down: false };

  const wanted = () => {
    const all = {};
    for (const name of filters) all[name] = at(`f-${name}`).value;
    for (const name of checks) all[name] = at(`f-${name}`).checked;
    return all;
  };
  const aboutOf = (one) => view.about.get(keyOf(one)) ?? { decided: 0, flagged: false, comments: 0 };
  const fits = (one, want) => {
    if (want.dataset && one.dataset !== want.dataset) return false;
    if (want.tag && !one.tags.includes(want.tag)) return false;
    if (want.field && !one.wrong.includes(want.field)) return false;
    if (want.disagree && !one.disagree) return false;
    const about = aboutOf(one);
    if (want.review === "decided" && !about.decided) return false;
    if (want.review === "open" && about.decided) return false;
    if (want.review === "flagged" && !about.flagged) return false;
    if (want.review === "comments" && !about.comments) return false;
    const asked = one.answers.filter((_, place) => (want.by ? view.candidates[place].name === want.by : !view.candidates[place].control));
    if (want.state === "right" && !(asked.length && asked.every((cell) => cell.state === "right"))) return false;
    if (want.state && want.state !== "right" && !asked.some((cell) => cell.state === want.state)) return false;
    return !want.text || [one.case, one.dataset, ...one.tags].join("\n").toLowerCase().includes(want.text.toLowerCase());
  };
  const sorted = (found) => {
    const value = (one) => (view.sort === "case" ? one.case : view.sort === "mean" ? one.mean : one.answers[Number(view.sort)]?.score);
    const keyed = found.map((one) => ({ one, key: value(one) }));
    const known = keyed.filter(({ key }) => !isUnknown(key)).sort((a, b) => order(a.key, b.key) * (view.down ? -1 : 1));
    return [...known, ...keyed.filter(({ key }) => isUnknown(key))].map(({ one }) => one);
  };
  const columns = () => {
    const { by, controls } = wanted();
    const shown = (one) => (by ? one.name === by : !one.control || controls);
    return view.candidates.map((one, place) => ({ one, place })).filter(({ one }) => shown(one));
  };
  const head = (text, title, sort) => {
    const cell = make("th");
    cell.scope = "col";
    const by = button(text, () => {
      view.down = view.sort === sort ? !view.down : false;
      view.sort = sort;
      filter();
      at("list").tHead.querySelector("[aria-sort] button")?.focus();
    }, "plain");
    if (title !== text) by.setAttribute("aria-label", `${text}: ${title}`);
    if (view.sort === sort) cell.setAttribute("aria-sort", view.down ? "descending" : "ascending");
    cell.title = title;
    cell.append(by);
    return cell;
  };
  const row = (one, shown, number) => {
    const line = make("tr");
    const name = make("th");
    name.scope = "row";
    const text = [one.dataset, ...one.tags].join(" · ");
    const small = make("small", "", text);
    small.title = text;
    name.append(button(one.case, () => { view.row = number; open(one); }, "link"), small);
    const about = aboutOf(one);
    const said = make("td");
    if (about.flagged) said.append(make("span", "badge bad", "flagged "));
    if (about.decided) said.append(make("span", "badge good", `${about.decided} decided `));
    if (about.comments) said.append(make("span", "badge", `${about.comments} comment${about.comments === 1 ? "" : "s"}`));
    line.append(name, make("td", "number", percent(one.mean)), ...shown.map(({ one: candidate, place }) => {
      const cell = make("td");
      const answer = one.answers[place];
      const drawn = pill(answer.state, percent(answer.score));
      drawn.title = candidate.name;
      cell.append(drawn);
      return cell;
    }), said);
    return line;
  };
  const show = () => {
    const shown = columns();
    const numbered = shown.length > 5;
    const heads = shown.map(({ one, place }) => head(numbered ? String(place + 1) : one.name, one.name, String(place)));
    at("list").tHead.rows[0].replaceChildren(head("Case", "Case", "case"), head("Mean", "Mean score of the candidates", "mean"), ...heads, make("th", "", "Review"));
    at("names").hidden = !numbered;
    at("names").replaceChildren(...(numbered ? shown.map(({ one, place }) => {
      const line = make("li", "", one.name);
      line.value = place + 1;
      return line;
    }) : []));
    const from = view.page * size;
    const rows = view.found.slice(from, from + size).map((one, number) => row(one, shown, number));
    if (!rows.length) {
      const line = make("tr");
      const cell = make("td", "empty", view.all.length ? "No case matches. Clear a filter." : "No trial has ended yet.");
      cell.colSpan = shown.length + 3;
      line.append(cell);
      rows.push(line);
    }
    at("list").tBodies[0].replaceChildren(...rows);
    at("count").textContent = `${view.found.length} of ${view.all.length} cases`;
    const pages = Math.max(1, Math.ceil(view.found.length / size));
    at("page").textContent = `Page ${view.page + 1} of ${pages}`;
    at("previous-page").disabled = view.page === 0;
    at("next-page").disabled = view.page + 1 >= pages;
  };
  const filter = () => {
    const want = wanted();
    view.found = sorted(view.all.filter((one) => fits(one, want)));
    view.page = 0;
    view.row = 0;
    show();
  };
  const focus = () => at("list").tBodies[0].rows[view.row]?.querySelector("button")?.focus();
  const turn = (by) => {
    view.page += by;
    view.row = 0;
    show();
    focus();
  };
  const fill = (id, values) => {
    const known = at(id).value;
    const options = values.map((value) => {
      const option = make("option", "", value);
      option.value = value;
      return option;
    });
    at(id).replaceChildren(at(id).options[0], ...options);
    at(id).value = values.includes(known) ? known : "";
  };
  for (const name of [...filters.slice(1), ...checks]) at(`f-${name}`).addEventListener("change", filter);
  let typing = 0;
  at("f-text").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 120); });
  at("f-clear").addEventListener("click", () => {
    for (const name of filters) at(`f-${name}`).value = "";
    for (const name of checks) at(`f-${name}`).checked = false;
    filter();
  });
  at("previous-page").addEventListener("click", () => turn(-1));
  at("next-page").addEventListener("click", () => turn(1));

  return {
    // New scores keep the place: who works through a list does not want it to jump.
    take: (all, candidates, about) => {
      const open = view.found.map(keyOf);
      [view.all, view.candidates, view.about] = [all, candidates, about];
      fill("f-field", [...new Set(all.flatMap((one) => one.wrong))].sort());
      fill("f-tag", [...new Set(all.flatMap((one) => one.tags))].sort());
      fill("f-dataset", [...new Set(all.map((one) => one.dataset))]);
      fill("f-by", candidates.map((one) => one.name));
      if (open.length) {
        const by = new Map(all.map((one) => [keyOf(one), one]));
        view.found = open.map((key) => by.get(key)).filter(Boolean);
        show();
      } else filter();
    },
    filter,
    focus,
    move: (by) => {
      view.row = Math.min(Math.max(view.row + by, 0), at("list").tBodies[0].rows.length - 1);
      focus();
    },
    // The case beside one in the list as it is filtered and sorted.
    beside: (one, by) => view.found[view.found.findIndex((other) => keyOf(other) === keyOf(one)) + by],
    // Candidates stand in one order everywhere.
    rank: (candidate) => view.candidates.findIndex((one) => one.name === candidate),
    place: (one) => `${view.found.findIndex((other) => keyOf(other) === keyOf(one)) + 1} of ${view.found.length}`,
  };
};
