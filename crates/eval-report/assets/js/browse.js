// Opens cases, and listens to keys and fields.
const dialog = get("case");
let opened = -1;
const openAt = (at, remembers = true) => {
  const one = view.found[at];
  if (!one) return;
  opened = at;
  const head = make("div", "case-head");
  const title = make("h2", "", one.case);
  title.id = "case-title";
  const step = (text, about, by) => {
    const one = button("", text, () => openAt(opened + by));
    one.setAttribute("aria-label", about);
    one.disabled = !view.found[at + by];
    return one;
  };
  const close = button("", "Close", () => dialog.close());
  head.append(title, make("span", "meta", one.dataset + " · " + (at + 1) + " of " + view.found.length), step("‹", "Previous case", -1), step("›", "Next case", 1), close);
  dialog.replaceChildren(head, drawCase(one));
  dialog.scrollTop = 0;
  if (!dialog.open) dialog.showModal();
  close.focus({ preventScroll: true });
  const page = Math.floor(at / size);
  if (page !== view.page) { view.page = page; show(); }
  view.row = at % size;
  if (remembers) remember(keyOfCase(one));
};
const openKey = (key, remembers = true) => {
  let at = view.found.findIndex((one) => keyOfCase(one) === key);
  if (at < 0) {
    clear();
    at = view.found.findIndex((one) => keyOfCase(one) === key);
  }
  if (at >= 0) openAt(at, remembers);
};
const clear = () => {
  for (const name of fields) get("f-" + name).value = "";
  for (const name of checks) get("f-" + name).checked = false;
  filter();
};
const moveRow = (by) => {
  const rows = get("list").tBodies[0].rows.length;
  view.row = Math.min(Math.max(view.row + by, 0), rows - 1);
  focusRow();
};

if (data) {
  const fill = (id, values) => { for (const value of values) { const option = make("option", "", value); option.value = value; get(id).append(option); } };
  fill("f-dataset", [...new Set(cases.map((one) => one.dataset))]);
  fill("f-tag", [...new Set(cases.flatMap(tagsOf))].sort());
  fill("f-field", [...new Set(cases.flatMap((one) => one.wrong ?? []))].sort());
  fill("f-provider", providers.map((provider) => provider.name));
  dialog.addEventListener("close", () => {
    opened = -1;
    dialog.replaceChildren();
    remember();
    focusRow();
  });
  document.addEventListener("click", (event) => {
    const key = event.target.dataset?.case;
    if (key !== undefined) openKey(key);
  });
  get("previous").addEventListener("click", () => turn(-1));
  get("next").addEventListener("click", () => turn(1));
  get("f-clear").addEventListener("click", clear);
  get("keys").addEventListener("click", () => get("help").showModal());
  get("help-close").addEventListener("click", () => get("help").close());
  for (const name of [...fields.slice(1), ...checks]) get("f-" + name).addEventListener("change", () => filter());
  let typing;
  get("f-text").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 120); });
  addEventListener("hashchange", recall);
  const isTyping = (target) => target instanceof Element && target.matches("input, select, textarea");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const inList = get("cases").contains(event.target);
    const arrows = dialog.open || inList;
    if (event.key === "?") get("help").showModal();
    else if (event.key === "/" && !dialog.open) { event.preventDefault(); get("f-text").focus(); }
    else if (event.key === "j" || (event.key === "ArrowDown" && inList && !dialog.open) || (event.key === "ArrowRight" && dialog.open)) { if (arrows) event.preventDefault(); if (dialog.open) openAt(opened + 1); else moveRow(inList ? 1 : 0); }
    else if (event.key === "k" || (event.key === "ArrowUp" && inList && !dialog.open) || (event.key === "ArrowLeft" && dialog.open)) { if (arrows) event.preventDefault(); if (dialog.open) openAt(opened - 1); else moveRow(inList ? -1 : 0); }
  });
  if (!recall()) show();
}
