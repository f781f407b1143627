// What every part needs. Text enters the page through textContent only: answers are hostile.
const get = (id) => document.getElementById(id);
const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
};
const button = (name, text, act) => {
  const node = make("button", name, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
};
// Long texts are scrolled, by the keyboard too.
const makePre = (text) => {
  const node = make("pre", "", text);
  node.tabIndex = 0;
  return node;
};
const isUnknown = (value) => value === null || value === undefined;
const plain = (value) => (isUnknown(value) ? "–" : typeof value === "string" ? value : JSON.stringify(value));
const data = get("data") ? JSON.parse(get("data").textContent) : null;

const root = document.documentElement;
const toggle = get("theme");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
const label = () => { toggle.textContent = isDark() ? "Light" : "Dark"; };
toggle.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
label();
