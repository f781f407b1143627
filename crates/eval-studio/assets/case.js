// One case: its label and everybody's answers side by side, field by field.
import { button, make } from "./api.js";
import { pill } from "./cases.js";

const isRight = (verdict) => verdict === "right" || verdict === "unlabelled";
const plain = (value) => (value === null || value === undefined ? "null" : typeof value === "string" ? value : JSON.stringify(value));
export const fieldName = (field) => field.name || "label";
const nameOf = (answer) => answer.by + (answer.repeat ? ` · repeat ${answer.repeat + 1}` : "");

// What differs from the label, between what both begin and end with.
const marked = (expected, got) => {
  const box = make("span", "text");
  const [one, other] = [[...expected], [...got]];
  let from = 0;
  while (from < one.length && from < other.length && one[from] === other[from]) from += 1;
  let end = 0;
  while (end < one.length - from && end < other.length - from && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const different = other.slice(from, other.length - end).join("");
  // Where nearly all of it is another text, marks would hide what it says.
  if (!different || different.length > 0.8 * other.length) box.append(got);
  else box.append(other.slice(0, from).join(""), make("mark", "", different), other.slice(other.length - end).join(""));
  return box;
};

const cell = (found) => {
  if (!found) return make("td", "soft", "–");
  const got = plain(found.got);
  const off = !isRight(found.verdict);
  const box = make("td", off ? "off" : "same");
  box.append(off && found.got !== null ? marked(plain(found.expected), got) : make("span", "text", got));
  if (off || found.note) box.append(make("small", "", [off ? found.verdict : "", found.note ?? ""].filter(Boolean).join(": ")));
  return box;
};

const said = (past) => {
  const words = { kept: "found right", value: "corrected", absent: "corrected to null", unlabeled: "not judged", also: `also accepted: ${past.value}` };
  return `${words[past.ruling]} by ${past.by}, ${past.at.slice(0, 16).replace("T", " ")}${past.text ? `: ${past.text}` : ""}`;
};

const labelCell = (field) => {
  const box = make("td");
  const stands = field.stands ?? "not judged";
  if (field.stands !== field.label) box.append(make("del", "text", field.label ?? "not judged"), " ", make("ins", "text", stands));
  else box.append(make("span", field.stands === null ? "word" : "text", stands));
  for (const reading of field.also) box.append(make("small", "", `also: ${reading}`));
  const [last] = field.past;
  if (last) {
    const line = make("small", "", said(last));
    line.title = field.past.map(said).join("\n");
    box.append(line);
  }
  return box;
};

// The answers that have a column: the first of each candidate's repeats, controls only if they are wanted.
export const shownAnswers = (view, controls) => view.answers.filter((answer) => controls || !answer.control);

const heads = (answers) => {
  const head = make("thead");
  const line = make("tr");
  const top = (...parts) => {
    const one = make("th");
    one.scope = "col";
    one.append(...parts);
    return one;
  };
  line.append(top("Field"), top("Label"), ...answers.map((answer, number) => {
    const parts = number < 9 ? [make("kbd", "", String(number + 1))] : [];
    const change = answer.was ? make("small", "", `${answer.was} → ${answer.score}`) : "";
    return top(...parts, nameOf(answer), " ", pill(answer.state, answer.score), change);
  }));
  head.append(line);
  return head;
};

// Rows of a list stand below its field, as its entries are matched.
const subRows = (field, answers) => {
  const paths = new Map();
  for (const answer of answers) {
    for (const found of answer.found.filter((one) => one.field === field.name && one.path !== field.name)) {
      if (!paths.has(found.path)) paths.set(found.path, found.expected);
    }
  }
  return [...paths].map(([path, expected]) => {
    const found = answers.map((answer) => answer.found.find((one) => one.path === path));
    // What everybody has right waits for a click.
    const line = make("tr", found.every((one) => !one || isRight(one.verdict)) ? "sub right" : "sub");
    const name = make("th", "", path);
    name.scope = "row";
    line.append(name, make("td", "soft", plain(expected)), ...found.map(cell));
    return line;
  });
};

export const drawSide = (view, answers, focus) => {
  const table = make("table", "side");
  const body = make("tbody");
  view.fields.forEach((field, at) => {
    const line = make("tr", "field-row");
    line.tabIndex = at === 0 ? 0 : -1;
    line.dataset.field = field.name;
    const name = make("th", field.critical ? "critical" : "", fieldName(field));
    name.scope = "row";
    if (field.critical) name.title = "A mistake here matters most";
    const whole = field.shape.shape === "one" ? answers.map((answer) => cell(answer.found.find((one) => one.path === field.name))) : answers.map((answer) => {
      const reading = answer.readings[field.name];
      const box = make("td", "soft");
      const own = answer.found.filter((one) => one.field === field.name);
      const wrong = own.filter((one) => !isRight(one.verdict)).length;
      box.append(make("span", "text", own.length ? `${own.length - wrong} of ${own.length} right` : reading ? reading[1].slice(0, 400) : "–"));
      return box;
    });
    line.append(name, labelCell(field), ...whole);
    line.addEventListener("focus", () => focus(at));
    line.addEventListener("click", () => line.focus());
    body.append(line, ...(field.shape.shape === "one" ? [] : subRows(field, answers)));
  });
  table.append(heads(answers), body);
  const hidden = body.querySelectorAll("tr.right").length;
  if (!hidden) return [table];
  const more = button(`Show ${hidden} values of lists that all have right`, () => {
    table.classList.add("all");
    more.remove();
  }, "link");
  return [table, more];
};

export const drawAnswer = (answer) => {
  const box = make("div", "answer");
  const head = make("div", "head");
  head.append(make("strong", "", nameOf(answer)), pill(answer.state, answer.score));
  box.append(head);
  if (answer.about) box.append(make("p", "meta", answer.about));
  if (answer.failure) box.append(make("p", answer.state === "failed" ? "tone bad" : "meta", answer.failure));
  if (answer.text) {
    const whole = make("details");
    whole.append(make("summary", "", "Whole answer"), make("pre", "", answer.text));
    box.append(whole);
  }
  return box;
};

export const drawComments = (view, undo) => view.comments.map((one) => {
  const line = make("p", "meta", `${one.by}, ${one.at.slice(0, 16).replace("T", " ")}: ${one.text} `);
  line.append(button("Remove", () => undo(one.batch), "link"));
  return line;
});

// Boxes of a field in all answers that say where it stands.
export const places = (answers, field) => answers.flatMap((answer) => answer.evidence).filter((one) => one.path === field.name || one.path.startsWith(`${field.name}[`) || one.path.startsWith(`${field.name}.`));
