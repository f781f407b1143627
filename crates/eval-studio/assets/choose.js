// What is to be labeled in a folder: chosen once, before the first label.
import { get, make, post } from "./api.js";

const at = (id) => document.getElementById(id);
const WAIT = 200;
let asked = 0;

const fail = (error) => { at("alarm").textContent = error?.message ?? ""; };
const lines = (id) => at(id).value.split("\n").map((line) => line.trim()).filter(Boolean);
const text = async (id) => (at(id).files[0] ? at(id).files[0].text() : "");

const KINDS = { money: "amount", date: "date", number: "number", quantity: "number", code: "code", name: "name", person: "name of a person", text: "text", boolean: "yes or no", list: "list", enum: "choice", email: "email address", phone: "phone number" };
const kind = (shape) => {
  if (shape.shape === "rows") return `list of records: ${shape.columns.map((column) => column.name || "value").join(", ")}`;
  if (shape.shape === "text") return "text of several lines";
  return shape.choices?.length ? `one of ${shape.choices.join(", ")}` : KINDS[shape.kind] ?? shape.kind;
};

const chosen = async () => {
  const what = document.querySelector("input[name=what]:checked")?.value ?? "";
  const more = { date_order: at("order").value, blind: Number(at("blind").value) / 100 };
  if (what === "names") return { names: lines("names"), ...more };
  if (what === "header") return { header: await text("header"), ...more };
  if (what === "schema") return { schema: await text("schema"), ...more };
  return what ? { template: what, classes: what === "classes" ? lines("classes") : [], ...more } : null;
};

const preview = async () => {
  const wanted = ++asked;
  const what = document.querySelector("input[name=what]:checked")?.value;
  for (const id of ["classes", "names", "header", "schema"]) at(`for-${id}`).hidden = what !== id;
  const choice = await chosen();
  const waits = !choice || choice.names?.length === 0 || choice.header === "" || choice.schema === "" || (what === "classes" && choice.classes.length < 2);
  at("begin").disabled = true;
  if (waits) return at("preview").replaceChildren(make("p", "note", what === "classes" ? "Name at least two classes." : "Nothing is chosen yet."));
  try {
    const fields = await post("/api/fields/preview", choice);
    if (wanted !== asked) return;
    const list = make("dl");
    for (const field of fields) list.append(make("dt", "", field.name), make("dd", "", kind(field.shape) + (field.critical ? " · a mistake here matters most" : "")));
    at("preview").replaceChildren(list);
    at("begin").disabled = false;
  } catch (error) {
    if (wanted === asked) at("preview").replaceChildren(make("p", "tone bad", error.message));
  }
};

let waiting = 0;
at("form").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => preview().catch(fail), WAIT);
});
at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await post("/api/fields", await chosen());
    location.reload();
  } catch (error) {
    fail(error);
  }
});

// Readers of this machine are called local/…, and cost nothing.
const proposes = (names) => {
  if (!names.length) return "No values are proposed.";
  if (names.every((name) => name.startsWith("local/"))) return "The local readers propose values free of charge.";
  return `Values are proposed by ${names.join(", ")}; what that may cost is said where the studio was started.`;
};

const start = async () => {
  const offered = await get("/api/fields");
  document.title = `${offered.folder} – Studio`;
  at("folder").textContent = offered.folder;
  at("about").textContent = `${offered.documents} document${offered.documents === 1 ? "" : "s"} in this folder.`;
  at("proposers").textContent = proposes(offered.proposers);
  at("templates").replaceChildren(...offered.templates.map(([name, about]) => {
    const card = make("label", "card");
    const input = make("input");
    [input.type, input.name, input.value] = ["radio", "what", name];
    card.append(input, " ", make("strong", "", name), " ", make("small", "", about));
    return card;
  }));
  await preview();
};
start().catch(fail);
