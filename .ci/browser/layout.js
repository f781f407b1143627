"use strict";
// What a reader would see at once: text that is cut off, lies on other text, or makes the page wider than the screen.
const assert = require("node:assert/strict");

const WIDTHS = [390, 768, 1024, 1280, 1920];

// Runs in the page. What may be scrolled, or is shortened with its whole text in a title, is not cut off.
function troubles() {
  const found = [];
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) found.push("the page is " + document.documentElement.scrollWidth + " wide on " + wide);
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const scrolls = (node) => node.closest(".scroll, .chart, nav, pre, dialog:not([open]), .skip, select, .zoom");
  const isShortened = (node) => { const style = getComputedStyle(node); return style.textOverflow === "ellipsis" && (node.title || node.parentElement.title || node.matches(".brand")); };
  const leaves = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || node.closest("script, style, noscript, option, title") || !shown(node)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) leaves.push({ node, box, text: text.data.trim().slice(0, 40) });
  }
  for (const { node, box, text } of leaves) {
    if (scrolls(node) || isShortened(node)) continue;
    if (box.right > wide + 1 || box.left < -1) found.push("off the screen: " + text);
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = at.getBoundingClientRect();
      if (style.overflowX === "hidden" && (box.right > edge.right + 1 || box.left < edge.left - 1)) found.push("cut off: " + text);
      break;
    }
  }
  // A picture that nobody has made larger is shown whole.
  for (const image of document.querySelectorAll(".zoom:not(.moved) img")) {
    const [inner, outer] = [image.getBoundingClientRect(), image.closest(".zoom").getBoundingClientRect()];
    const over = Math.max(inner.right - outer.right, outer.left - inner.left, inner.bottom - outer.bottom, outer.top - inner.top);
    if (shown(image) && over > 1) found.push("a picture is cut off by " + Math.round(over));
  }
  // In the flow of a page nothing lies on anything; drawings and sticky parts are looked at on their own.
  const plain = leaves.filter(({ node }) => !node.closest("svg, header, dialog, .skip, thead, tbody th, .sortable td:first-child") && !scrolls(node));
  plain.sort((a, b) => a.box.top - b.box.top);
  // The box of a turned text says nothing about where its letters are.
  const drawn = leaves.filter(({ node }) => node.closest("svg") && !node.matches(".turned"));
  const overlaps = (list, inSame) => {
    list.forEach((one, at) => {
      for (const other of list.slice(at + 1)) {
        if (other.box.top > one.box.bottom) { if (!inSame) break; continue; }
        if (one.node === other.node || (inSame && one.node.closest("svg") !== other.node.closest("svg"))) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Lines of text have room above and below their letters.
        if (across > 2 && down > Math.min(one.box.height, other.box.height) * 0.45) found.push("overlap: " + one.text + " | " + other.text);
      }
    });
  };
  overlaps(plain, false);
  overlaps(drawn, true);
  return [...new Set(found)].slice(0, 8);
}

// Every width, light and dark, with the list and with a case open.
async function layout(open, browser, name, file) {
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, troubles: said } = await open(browser, file, { colorScheme, viewport: { width, height: 900 } });
      const at = `${name} at ${width}, ${colorScheme}`;
      assert.deepEqual(await page.evaluate(troubles), [], at);
      const link = page.locator("#list tbody button").first();
      if (await link.count()) {
        await link.click();
        await page.locator("#case .inside").waitFor();
        assert.deepEqual(await page.evaluate(troubles), [], at + ", a case");
      }
      assert.deepEqual(said, [], at);
      await page.close();
    }
  }
}

module.exports = { layout, WIDTHS };
