// A run as it goes on: read anew every second, and steered.
import { get, make, name, post } from "./api.js";

const EVERY = 1000;

const vector = (tag, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
};

// From 0 to 100%, with the interval and the mean.
const range = ([low, mean, high]) => {
  const drawn = vector("svg", { class: "range", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  drawn.append(vector("line", { class: "track", x1: 0, x2: 100, y1: 4, y2: 4 }), vector("line", { x1: 100 * low, x2: 100 * high, y1: 4, y2: 4 }));
  drawn.append(vector("line", { x1: 100 * mean, x2: 100 * mean, y1: 0, y2: 8 }));
  return drawn;
};

const table = (place, heads, rows) => {
  const head = make("thead");
  const line = make("tr");
  line.append(...heads.map((text) => {
    const cell = make("th", "", text);
    cell.scope = "col";
    return cell;
  }));
  head.append(line);
  const body = make("tbody");
  body.append(...rows);
  place.replaceChildren(head, body);
};

const lane = (one) => {
  const row = make("tr");
  const label = make("th", "", one.name);
  label.scope = "row";
  const score = make("td", "", one.score);
  if (one.interval) score.append(make("small", "", one.interval));
  const drawn = make("td");
  if (one.bounds) drawn.append(range(one.bounds));
  const failures = Object.entries(one.failures).map(([kind, count]) => `${count} ${kind.replaceAll("_", " ")}`).join(", ");
  row.append(label, make("td", "number", `${one.ended} of ${one.planned}`), score, drawn, make("td", "number", String(one.documents)), make("td", failures ? "flagged" : "soft", failures || "none"), make("td", "number", one.spent), make("td", "number", one.p50));
  return row;
};

const state = (view) => {
  if (!view.running) return view.ended >= view.planned ? "The run is complete." : "Nothing runs: the run has ended or was interrupted.";
  if (view.stopping) return "Stopping: what is on its way is finished and recorded.";
  const waits = view.obeyed ? "" : " · waiting for the run to obey";
  const sent = view.under_way - view.waiting;
  const queue = view.waiting ? `, ${view.waiting} wait${view.waiting === 1 ? "s" : ""} for a turn` : "";
  if (view.paused) return (sent ? `Pausing: ${sent} on ${sent === 1 ? "its" : "their"} way` : "Paused: nothing is sent") + queue + waits;
  return `Running${waits}`;
};

const lines = (texts, none) => {
  if (!texts.length) return [make("p", "note", none)];
  const list = make("ul");
  list.append(...texts.map((text) => make("li", "", text)));
  return [list];
};

export const live = ({ at, fail, ended }) => {
  let timer = 0;
  let watched = false;
  let was = null;
  const draw = (view) => {
    at("live-state").textContent = state(view);
    at("live-done").max = Math.max(view.planned, 1);
    at("live-done").value = view.ended;
    const money = at("live-money");
    const add = (term, text) => money.append(make("dt", "", term), make("dd", "", text));
    money.replaceChildren();
    add("Trials", `${view.ended} of ${view.planned} ended, ${view.failed} failed`);
    add("Spent", [`${view.spent_at_least ? "at least " : ""}${view.spent}${view.budget ? ` of ${view.budget}` : ""}`, view.put_aside ? `up to ${view.put_aside} more for requests on their way` : ""].filter(Boolean).join(", "));
    at("pause").textContent = view.paused ? "Resume" : "Pause";
    for (const id of ["pause", "stop", "set-at-once", "at-once"]) at(id).disabled = !view.running || view.stopping;
    if (view.max_concurrency !== null && document.activeElement !== at("at-once")) at("at-once").value = view.max_concurrency;
    table(at("lanes"), ["Candidate", "Trials", "Score, 95% anytime-valid", "0% to 100%", "Documents", "Failures", "Spent", "Time (p50)"], view.lanes.map(lane));
    const more = view.under_way > view.asked.length ? [`… and ${view.under_way - view.asked.length} more`] : [];
    at("live-asked").replaceChildren(...lines([...view.asked.slice(0, 12).map((one) => `${one.provider} · ${one.case} · ${one.since}`), ...(view.asked.length > 12 ? [`… and ${view.under_way - 12} more`] : more)], view.running ? "Nothing at this moment." : "Nothing: no process carries the run out."));
    at("live-failures").replaceChildren(...lines(view.troubles.map((one) => `${one.provider} · ${one.case} · ${one.kind.replaceAll("_", " ")}: ${one.message}`), "None so far."));
    at("live-dot").hidden = !view.running;
  };
  const look = async () => {
    clearTimeout(timer);
    try {
      let view = await get("/api/live");
      // The run says what it asks once it knows that somebody watches.
      if (view.running && !watched) {
        watched = true;
        view = await post("/api/live", { by: name(), do: "watch" });
      }
      draw(view);
      if (was?.running && !view.running) ended();
      was = view;
    } catch (error) {
      fail(error);
    }
    if (!at("live-room").hidden) timer = setTimeout(look, EVERY);
  };
  const steer = async (wish) => {
    try {
      draw(await post("/api/live", { by: name(), ...wish }));
    } catch (error) {
      fail(error);
    }
  };
  at("pause").addEventListener("click", () => steer({ do: was?.paused ? "resume" : "pause" }).then(look));
  at("set-at-once").addEventListener("click", () => steer({ do: "concurrency", requests: Number(at("at-once").value) || 1 }).then(look));
  at("stop").addEventListener("click", () => at("stop-dialog").showModal());
  at("stop-dialog").querySelector("form").addEventListener("submit", () => steer({ do: "stop" }).then(look));
  return { look };
};
