// Open answers, judged blind by a person: nobody sees who gave one.
import { button, get, make, name, picture, post } from "./api.js";
import { viewer } from "./viewer.js";

export const judging = ({ at, fail }) => {
  let view = null;
  let met = {};
  let here = 0;
  let busy = false;
  const load = (key, page) => picture(`/api/review/media?dataset=${encodeURIComponent(key.dataset)}&case=${encodeURIComponent(key.case)}&at=0&page=${page}`);
  const page = viewer(at("judge-viewer"), (error) => { at("judge-no-media").textContent = error.message; at("judge-viewer").hidden = true; }, load);

  const rows = () => [...at("checks").children];
  const choose = (number) => {
    here = Math.min(Math.max(number, 0), rows().length - 1);
    rows().forEach((row, other) => { row.classList.toggle("here", other === here); });
    rows()[here]?.focus();
  };
  const drawCheck = (check, number) => {
    const row = make("li", "field");
    row.tabIndex = -1;
    row.dataset.check = check.id;
    row.append(make("p", "", `The answer says: ${check.text}`));
    if (check.accepted?.length) row.append(make("p", "meta", `or, in other words: ${check.accepted.join(", ")}`));
    const turn = make("div", "turn");
    for (const [text, key, value] of [["Yes ", "Y", true], ["No ", "N", false]]) {
      const one = button(text, () => say(number, value));
      one.append(make("kbd", "", key));
      one.setAttribute("aria-pressed", String(met[check.id] === value));
      turn.append(one);
    }
    row.append(turn);
    row.addEventListener("focusin", () => { here = number; });
    return row;
  };
  const drawChecks = () => at("checks").replaceChildren(...view.item.checks.map(drawCheck));

  const draw = (next) => {
    const other = view?.item?.case !== next.item?.case;
    view = next;
    const none = next.drawn === 0 ? "There is no open answer to judge: the run has none, or people have judged all of them." : "All answers of the sample are judged. The report shows the corrected scores.";
    at("judge-progress").textContent = next.item ? `Answer ${next.at + 1} of ${next.drawn} · ${next.judged} judged` : none;
    at("judge-desk").hidden = !next.item;
    if (!next.item) return;
    met = { ...next.item.met };
    at("judge-question").textContent = next.item.question;
    at("judge-answer").textContent = next.item.text;
    at("judge-no-media").textContent = "";
    if (other) {
      at("judge-viewer").hidden = !next.item.media.length;
      if (next.item.media.length) page.show({ dataset: next.item.dataset, case: next.item.case }, next.item.media[0]);
    }
    drawChecks();
    choose(Math.max(next.item.checks.findIndex((check) => met[check.id] === undefined), 0));
  };
  const step = async (to) => {
    try {
      draw(await get(`/api/judge?by=${encodeURIComponent(name())}${to === undefined ? "" : `&at=${to}`}`));
    } catch (error) {
      fail(error);
    }
  };
  // The last check of an answer saves it and goes on.
  const say = async (number, value) => {
    if (busy) return;
    met[view.item.checks[number].id] = value;
    drawChecks();
    const open = view.item.checks.findIndex((check) => met[check.id] === undefined);
    if (open >= 0) return choose(open);
    busy = true;
    try {
      draw(await post("/api/judge", { by: name(), answer: view.item.answer, met }));
    } catch (error) {
      fail(error);
    } finally {
      busy = false;
    }
  };
  return {
    look: () => step(),
    keys: {
      y: () => view?.item && say(here, true), n: () => view?.item && say(here, false),
      ArrowDown: () => choose(here + 1), ArrowUp: () => choose(here - 1),
      ",": () => view && view.at > 0 && step(view.at - 1), ".": () => view && view.at + 1 < view.drawn && step(view.at + 1),
    },
  };
};
