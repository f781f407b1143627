// The fields of a document: what is filled in, proposed, typed and saved.
import { button, make, post } from "./api.js";

const WAIT = 150;

const SAID = { blind: "labeled blind", confirmed: "confirmed", corrected: "corrected", entered: "entered", imported: "imported" };

const text = (label, shown) => (label === null ? "" : label.is === "absent" ? "null" : label.is === "unlabeled" ? "not labeled" : shown);

export const isList = (field) => field.shape.shape !== "one";

// What would be saved if the field were accepted as it is.
export const standing = (field) => field.label ?? (field.filled ? field.offers[0].label : null);

// What is saved where the document has nothing: an empty list, null, or nothing at all where there must be a value.
export const nothing = (field) => (field.shape.shape === "rows" ? { is: "value", value: [] } : field.nullable ? { is: "absent" } : null);

const badge = (field) => {
  if (field.others.length) return ["bad", "disagreement"];
  if (field.label) return ["good", SAID[field.origin] ?? "labeled"];
  if (!field.filled) return ["", field.offers.length ? "open · take a proposal or type" : "open"];
  const by = field.offers[0].by.length;
  return ["unsure", field.independent ? `unconfirmed · ${by} agree` : `unconfirmed · ${by} agree (one kind)`];
};

// One row. `acts` are what can be done: save, choose, clear, enter, leave.
export const row = (field, at, acts) => {
  const item = make("li", "field");
  item.tabIndex = -1;
  item.dataset.field = field.name;
  const head = make("div", "label");
  const [tone, state] = badge(field);
  head.append(make("span", "name", field.name), make("span", `badge ${tone}`, state));
  if (field.critical) head.querySelector(".name").title = "A mistake here matters most";
  if (field.critical) head.querySelector(".name").classList.add("critical");
  const value = make("div", "value");
  const label = standing(field);
  const shown = field.label ? field.text : field.filled ? field.offers[0].shown : "";
  value.append(make("span", label && label.is !== "value" ? "word" : "text", label ? text(label, shown) || "(empty)" : "—"));
  if (field.filled && !field.independent) head.lastChild.title = "Candidates of one kind tend to make the same mistakes";
  item.append(head, value);
  const offers = [...field.offers, ...field.others];
  if (offers.length && !(field.filled && offers.length === 1)) item.append(proposals(offers, acts));
  item.append(editor(field, shown, acts));
  const tools = make("div", "turn");
  tools.append(button("Edit", acts.edit));
  if (field.nullable) tools.append(button("Null", () => acts.save({ label: nothing(field) })));
  if (field.shape.shape === "rows") tools.append(button("None", () => acts.save({ label: nothing(field) })));
  tools.append(button("Not labeled", () => acts.save({ label: { is: "unlabeled" } })));
  item.append(tools);
  item.setAttribute("aria-label", `${field.name}: ${value.textContent}, ${state}`);
  item.addEventListener("focusin", () => acts.at(at));
  return item;
};

const proposals = (offers, acts) => {
  const list = make("ol", "offers");
  for (const [number, offer] of offers.entries()) {
    const take = button("", () => acts.choose(number), "offer");
    take.append(make("kbd", "", String(number + 1)), make("span", "text", text(offer.label, offer.shown) || "(empty)"), make("span", "by", offer.by.join(", ")));
    const item = make("li");
    item.append(take);
    list.append(item);
  }
  return list;
};

const editor = (field, shown, acts) => {
  const box = make("div", "editor");
  const input = make(isList(field) ? "textarea" : "input");
  input.setAttribute("aria-label", field.name);
  input.setAttribute("spellcheck", "false");
  input.autocomplete = "off";
  input.value = shown;
  if (field.shape.shape === "rows") {
    const columns = field.shape.columns.map((column) => column.name || "value");
    input.rows = Math.min(Math.max(shown.split("\n").length + 1, 3), 12);
    box.append(make("p", "hint", `One line each: ${columns.join(" | ")}`));
  } else if (isList(field)) {
    input.rows = 8;
  } else if (field.shape.choices?.length) {
    box.append(make("p", "hint", field.shape.choices.join(" · ")));
  }
  const echo = make("p", "echo");
  echo.setAttribute("aria-live", "polite");
  let waiting = 0;
  let asked = 0;
  const look = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const wanted = ++asked;
      if (!input.value.trim()) {
        echo.textContent = "";
        return;
      }
      try {
        const understood = await post("/api/understand", { field: field.name, text: input.value });
        if (wanted === asked) [echo.className, echo.textContent] = ["echo good", `understood: ${understood.shown || "nothing"}`];
      } catch (error) {
        if (wanted === asked) [echo.className, echo.textContent] = ["echo bad", error.message];
      }
    }, WAIT);
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const saves = event.key === "Enter" && (!isList(field) || event.ctrlKey || event.metaKey) && !event.isComposing;
    if (saves) {
      event.preventDefault();
      event.stopPropagation();
      acts.save({ typed: input.value });
    }
  });
  box.append(input, echo);
  box.hidden = true;
  return box;
};
