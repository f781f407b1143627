// Where an answer's values stand: boxes over the preview, and the same as a list for keyboards and screen readers.
const vector = (tag, attributes) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
};
const evidenceOf = (answer) => (answer.evidence ?? []).map(([path, page, box, confidence, text]) => ({ path, page, box, confidence, text }));
const sureness = (found) => (isUnknown(found.confidence) ? "" : (found.confidence * 100).toFixed(0) + "%");
const nameOfPlace = (found) => [found.path || "whole answer", sureness(found)].filter(Boolean).join(" ");

// One layer over an image, in the pixels of the image: it is scaled, moved and turned with it.
const drawLayer = (viewer) => {
  const image = viewer.querySelector("img");
  const layer = vector("svg", { class: "boxes", "aria-hidden": "true", preserveAspectRatio: "xMidYMid meet" });
  image.after(layer);
  const draw = (places, chosen) => {
    const [wide, high] = [image.naturalWidth, image.naturalHeight];
    if (!wide || !high) return;
    layer.setAttribute("viewBox", "0 0 " + wide + " " + high);
    const letter = 11 * Math.max(wide / (image.clientWidth || wide), high / (image.clientHeight || high));
    layer.replaceChildren(...places.map((found) => {
      const [left, top, right, bottom] = found.box;
      const group = vector("g", { class: found === chosen ? "chosen" : "" });
      group.append(vector("rect", { x: left * wide, y: top * high, width: (right - left) * wide, height: (bottom - top) * high }));
      // A page full of names could not be read.
      if (found === chosen || places.length <= 12) {
        const text = vector("text", { x: left * wide, y: Math.max(top * high - letter / 4, letter) });
        text.style.fontSize = letter + "px";
        text.textContent = nameOfPlace(found);
        group.append(text);
      }
      return group;
    }));
  };
  return (places, chosen) => {
    if (image.complete) draw(places, chosen);
    else image.addEventListener("load", () => draw(places, chosen), { once: true });
  };
};

// The pages of a document one at a time, or the only image.
const drawPages = (medium) => {
  const box = make("div", "pages");
  const several = medium.src.length > 1;
  const viewers = medium.src.map((src, at) => drawZoom(src, several ? medium.name + ", page " + (at + 1) : medium.name));
  const layers = viewers.map(drawLayer);
  const choice = make("div", "turn");
  choice.setAttribute("role", "group");
  choice.setAttribute("aria-label", "Page");
  const turn = (wanted) => {
    viewers.forEach((viewer, at) => { viewer.hidden = at !== wanted; });
    [...choice.children].forEach((one, at) => { one.setAttribute("aria-pressed", String(at === wanted)); });
  };
  if (several) choice.append(...viewers.map((_, at) => button("", "Page " + (at + 1), () => { turn(at); box.dispatchEvent(new Event("turned")); })));
  turn(0);
  if (several) box.append(choice);
  box.append(...viewers);
  return { box, layers, turn, count: viewers.length };
};

// A toggle for each answer that says where its values stand. Without the one image of a case there is only the list.
const drawEvidence = (answers, pages) => {
  const box = make("div", "evidence");
  const list = make("ol");
  let shown = [];
  let chosen;
  const redraw = () => pages?.layers.forEach((draw, at) => { draw(shown.filter((found) => found.box && (found.page ?? 1) === at + 1), chosen); });
  const choose = (found, turns) => {
    chosen = found;
    if (turns && found.box && (found.page ?? 1) <= (pages?.count ?? 0)) pages.turn((found.page ?? 1) - 1);
    redraw();
  };
  const drawFound = (found) => {
    const row = make("li");
    const where = found.page > (pages?.count ?? Number.POSITIVE_INFINITY) ? "page " + found.page + ", not in this preview" : found.page ? "page " + found.page : "";
    const about = [sureness(found), where, found.box ? "" : "no box"].filter(Boolean).join(" · ");
    const name = button("link", found.path || "whole answer", () => choose(found, true));
    name.addEventListener("focus", () => choose(found, true));
    name.addEventListener("mouseenter", () => choose(found, false));
    row.append(name, make("span", "meta", [about, isUnknown(found.text) ? "" : "“" + found.text + "”"].filter(Boolean).join(" ")));
    return row;
  };
  const toggles = answers.map((answer) => {
    const one = button("", nameOf(answer), () => {
      const on = one.getAttribute("aria-pressed") !== "true";
      for (const other of toggles) other.setAttribute("aria-pressed", String(on && other === one));
      shown = on ? evidenceOf(answer) : [];
      chosen = undefined;
      list.replaceChildren(...shown.map(drawFound));
      list.hidden = !on;
      redraw();
    });
    one.setAttribute("aria-pressed", "false");
    return one;
  });
  list.hidden = true;
  pages?.box.addEventListener("turned", redraw);
  const line = make("div", "turn");
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", "Evidence");
  line.append(make("span", "meta", "Evidence:"), ...toggles);
  box.append(line, list);
  return box;
};
