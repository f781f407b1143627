// What is decided about a field, before it is saved: the value, and why.
import { post } from "./api.js";
import { fieldName } from "./case.js";

const WAIT = 150;

export const decider = ({ at, save, understand }) => {
  let pending = null;
  let last = "";
  let waiting = 0;
  let asked = 0;
  const isList = () => pending?.field.shape.shape !== "one";
  const input = () => (isList() ? at("typed-lines") : at("typed"));

  const echo = (kind, text) => { [at("echo").className, at("echo").textContent] = [`echo ${kind}`, text]; };
  const look = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const wanted = ++asked;
      if (!pending?.typed || !input().value.trim()) return echo("", "");
      try {
        const understood = await understand(pending.field, input().value);
        if (wanted === asked) echo("good", `understood: ${understood.shown || "nothing"}`);
      } catch (error) {
        if (wanted === asked) echo("bad", error.message);
      }
    }, WAIT);
  };

  const close = () => {
    pending = null;
    at("decide").hidden = true;
    at("acts").hidden = false;
  };

  // Opens the form: with a value to type, or for one that is known and only needs its reason.
  const open = (field, what) => {
    pending = { field, typed: !what.label, ...what };
    at("decide").hidden = false;
    at("acts").hidden = true;
    at("decide-value").hidden = !pending.typed;
    at("typed").hidden = isList();
    at("typed-lines").hidden = !isList();
    echo("", "");
    at("reason").value = last;
    const name = fieldName(field);
    if (pending.typed) {
      const columns = field.shape.columns?.map((column) => column.name || "value").join(" | ");
      const how = columns ? `, one line each: ${columns}` : field.shape.choices?.length ? `: ${field.shape.choices.join(" · ")}` : "";
      at("decide-what").textContent = `Correct ${name}${how}`;
      input().value = field.stands === "null" ? "" : (field.stands ?? "");
      input().focus();
      if (!isList()) input().select();
    } else {
      at("decide-what").textContent = what.also ? `Also accept for ${name}: ${what.shown}` : `Correct ${name} to: ${what.shown}`;
      at("reason").focus();
      at("reason").select();
    }
  };

  at("decide").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!pending) return;
    const { field, label, also, typed } = pending;
    const change = { field: field.name, seen: field.version, also: Boolean(also), ...(typed ? { typed: input().value } : { label }) };
    last = at("reason").value.trim();
    save([change], last, close);
  });
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
      at("side").querySelector(".here")?.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      at("decide").requestSubmit();
    }
  };
  at("decide").addEventListener("keydown", onKey);
  at("decide-cancel").addEventListener("click", close);
  for (const one of [at("typed"), at("typed-lines")]) one.addEventListener("input", look);
  return { open, close, isOpen: () => pending !== null };
};

export const understood = (view) => (field, text) => post("/api/review/understand", { dataset: view().dataset, case: view().case, field: field.name, text });
