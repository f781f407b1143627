// An image that can be made larger and moved, by mouse, touch and keyboard.
const drawZoom = (src, name) => {
  const frame = make("div", "zoom");
  const sheet = make("div", "sheet");
  const image = make("img");
  image.src = src;
  image.alt = name;
  image.draggable = false;
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", name + ": plus and minus zoom, arrows move, r turns, 0 shows all of it");
  let scale = 1;
  let x = 0;
  let y = 0;
  let turned = 0;
  const place = () => {
    const most = (side) => (side * (scale - 1)) / 2;
    x = Math.min(Math.max(x, -most(frame.clientWidth)), most(frame.clientWidth));
    y = Math.min(Math.max(y, -most(frame.clientHeight)), most(frame.clientHeight));
    // Whatever lies over the image goes with it.
    for (const layer of sheet.children) layer.style.transform = "translate(" + x + "px," + y + "px) scale(" + scale + ")" + (turned ? " rotate(" + turned + "deg)" : "");
    frame.classList.toggle("moved", scale > 1);
  };
  const zoom = (by) => {
    const before = scale;
    scale = by === 0 ? 1 : Math.min(Math.max(scale * by, 1), 8);
    x *= scale / before;
    y *= scale / before;
    place();
  };
  const rotate = () => {
    turned = (turned + 90) % 360;
    // A picture on its side is as high as it was wide.
    frame.style.setProperty("--high", turned % 180 ? image.clientWidth + "px" : "auto");
    place();
  };
  const move = (right, down) => { x += right; y += down; place(); };
  const keys = { "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => zoom(0), r: rotate, ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60) };
  frame.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || (scale === 1 && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  frame.addEventListener("wheel", (event) => { if (event.ctrlKey || scale > 1) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2); } }, { passive: false });
  frame.addEventListener("dblclick", () => zoom(scale > 1 ? 0 : 2.5));
  frame.addEventListener("pointerdown", (event) => { if (scale > 1 && event.target === image) frame.setPointerCapture(event.pointerId); });
  frame.addEventListener("pointermove", (event) => { if (frame.hasPointerCapture(event.pointerId)) move(event.movementX, event.movementY); });
  const tools = make("div", "tools");
  for (const [text, about, by] of [["+", "Zoom in", 1.5], ["−", "Zoom out", 1 / 1.5], ["Fit", "Fit: show the whole image", 0]]) {
    const tool = button("", text, () => zoom(by));
    tool.setAttribute("aria-label", about);
    tools.append(tool);
  }
  tools.append(button("", "Turn", rotate));
  sheet.append(image);
  frame.append(sheet);
  const box = make("div", "viewer");
  box.append(frame, tools);
  return box;
};
