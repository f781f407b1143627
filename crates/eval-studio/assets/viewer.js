// The document: an image or a page that is zoomed, turned and moved, or a recording.
import { button, make, medium } from "./api.js";

const MOST = 10;

// `load` gives a page of what is shown; in the room to label it is a document's name.
export const viewer = (place, failed, load = medium) => {
  const frame = make("div", "frame");
  const sheet = make("div", "sheet");
  const image = make("img");
  const boxes = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  boxes.setAttribute("class", "boxes");
  boxes.setAttribute("aria-hidden", "true");
  image.draggable = false;
  // Until there is something to see, there is nothing to describe.
  image.alt = "";
  sheet.append(image, boxes);
  frame.append(sheet);
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  const tools = make("div", "tools");
  const pages = make("span", "pages");
  const audio = make("audio");
  audio.controls = true;
  let [scale, x, y, turned] = [1, 0, 0, 0];
  let shown = { document: "", name: "", page: 1, pages: 1, url: "" };
  let marks = [];
  let asked = 0;

  const fit = () => {
    const side = turned % 180 !== 0;
    const [wide, high] = side ? [image.naturalHeight, image.naturalWidth] : [image.naturalWidth, image.naturalHeight];
    const share = Math.min(frame.clientWidth / (wide || 1), frame.clientHeight / (high || 1));
    sheet.style.width = `${image.naturalWidth * share}px`;
    sheet.style.height = `${image.naturalHeight * share}px`;
  };
  const put = () => {
    const most = (side) => (side * (scale - 1)) / 2 + side * 0.2 * (scale > 1 ? 1 : 0);
    x = Math.min(Math.max(x, -most(frame.clientWidth)), most(frame.clientWidth));
    y = Math.min(Math.max(y, -most(frame.clientHeight)), most(frame.clientHeight));
    sheet.style.transform = `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${scale}) rotate(${turned}deg)`;
    frame.classList.toggle("near", scale > 1);
  };
  const zoom = (by) => {
    const before = scale;
    scale = by === 0 ? 1 : Math.min(Math.max(scale * by, 1), MOST);
    x *= scale / before;
    y *= scale / before;
    put();
  };
  const rotate = () => {
    turned = (turned + 90) % 360;
    fit();
    put();
  };
  const move = (right, down) => {
    x += right;
    y += down;
    put();
  };
  const draw = () => {
    boxes.replaceChildren();
    boxes.setAttribute("viewBox", `0 0 ${image.naturalWidth || 1} ${image.naturalHeight || 1}`);
    for (const { box, page } of marks) {
      if (!box || (page ?? 1) !== shown.page) continue;
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const [wide, high] = [image.naturalWidth, image.naturalHeight];
      const set = { x: box.left * wide, y: box.top * high, width: (box.right - box.left) * wide, height: (box.bottom - box.top) * high };
      for (const [key, value] of Object.entries(set)) rect.setAttribute(key, String(Math.max(value, 0)));
      boxes.append(rect);
    }
  };
  image.addEventListener("load", () => {
    fit();
    put();
    draw();
  });
  new ResizeObserver(() => {
    fit();
    put();
  }).observe(frame);

  const turn = async (page) => {
    const wanted = ++asked;
    try {
      const got = await load(shown.document, page);
      // Whoever goes on fast sees only what was asked for last.
      if (wanted !== asked) return URL.revokeObjectURL(got.url);
      if (shown.url) URL.revokeObjectURL(shown.url);
      shown = { ...shown, page, pages: got.pages, url: got.url };
      const isSound = got.kind.startsWith("audio/");
      frame.hidden = isSound;
      tools.hidden = isSound;
      audio.hidden = !isSound;
      if (isSound) audio.src = got.url;
      else image.src = got.url;
      image.alt = `${shown.name}, page ${page}`;
      frame.setAttribute("aria-label", `${shown.name}: plus and minus zoom, shift and arrows move, r rotates, 0 fits`);
      pages.textContent = got.pages > 1 ? `Page ${page} of ${got.pages}` : "";
      before.hidden = after.hidden = got.pages < 2;
      before.disabled = page <= 1;
      after.disabled = page >= got.pages;
    } catch (error) {
      if (wanted !== asked) return;
      // The picture of another document beside these fields would be labeled in its place.
      if (shown.url) URL.revokeObjectURL(shown.url);
      shown = { ...shown, url: "" };
      image.removeAttribute("src");
      image.alt = `${shown.name} cannot be shown`;
      audio.removeAttribute("src");
      pages.textContent = image.alt;
      failed(error);
    }
  };
  const step = (by) => {
    const page = shown.page + by;
    if (page >= 1 && page <= shown.pages) turn(page);
  };
  const before = button("‹", () => step(-1));
  before.setAttribute("aria-label", "Previous page");
  const after = button("›", () => step(1));
  after.setAttribute("aria-label", "Next page");
  for (const [text, label, act] of [["+", "Zoom in", () => zoom(1.5)], ["−", "Zoom out", () => zoom(1 / 1.5)], ["Fit", "Fit: show the whole page", () => zoom(0)], ["Rotate", "Rotate", rotate]]) {
    const tool = button(text, act);
    tool.setAttribute("aria-label", label);
    tools.append(tool);
  }
  tools.append(before, pages, after);
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });
  frame.addEventListener("dblclick", () => zoom(scale > 1 ? 0 : 2.5));
  frame.addEventListener("pointerdown", (event) => frame.setPointerCapture(event.pointerId));
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) move(event.movementX, event.movementY);
  });
  place.append(tools, frame, audio);

  return {
    show: (document, name = document) => {
      [scale, x, y, turned] = [1, 0, 0, 0];
      marks = [];
      shown = { ...shown, document, name, page: 1, pages: 1 };
      return turn(1);
    },
    // Where the values of a field stand; the page of the first is opened.
    mark: (found) => {
      marks = found.filter((one) => one.box);
      const page = marks[0]?.page ?? shown.page;
      if (page !== shown.page && page <= shown.pages) turn(page);
      else draw();
    },
    keys: {
      "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => zoom(0), r: rotate,
      "[": () => step(-1), "]": () => step(1),
    },
    arrows: { ArrowLeft: () => move(80, 0), ArrowRight: () => move(-80, 0), ArrowUp: () => move(0, 80), ArrowDown: () => move(0, -80) },
  };
};
