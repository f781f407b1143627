"use strict";
// Text enters the page through textContent only: answers are hostile.
(() => {
  const get = (id) => document.getElementById(id);
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined && text !== null) node.textContent = String(text);
    return node;
  };
  // Long texts are scrolled, by the keyboard too.
  const makePre = (text) => {
    const node = make("pre", "", text);
    node.tabIndex = 0;
    return node;
  };
  const root = document.documentElement;
  const toggle = get("theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const label = () => { toggle.textContent = isDark() ? "Light" : "Dark"; };
  toggle.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  label();

  // Paper shows what the screen folds.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.part:not([open])")];
    for (const part of unfolded) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of unfolded) part.open = false; });

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : cell.textContent;
  };
  const order = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return a.localeCompare(b);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const body = table.tBodies[0];
        const numeric = head.classList.contains("number");
        const before = head.getAttribute("aria-sort");
        const down = before ? before === "ascending" : numeric;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
        // What is not known stands last either way.
        const isKnown = ({ key }) => !numeric || typeof key === "number";
        const known = keyed.filter(isKnown).sort((a, b) => order(a.key, b.key) * (down ? -1 : 1));
        body.append(...[...known, ...keyed.filter((one) => !isKnown(one))].map((one) => one.row));
      });
    });
  }

  if (!get("data")) return;
  const data = JSON.parse(get("data").textContent);
  const size = 50;
  const controls = new Set(data.controls);
  const isUnknown = (value) => value === null || value === undefined;
  const state = (answer) => {
    if (answer.status) return answer.status;
    if (isUnknown(answer.score)) return "none";
    return answer.right ? "right" : "wrong";
  };
  const marks = { failed: "!", skipped: "–", missing: "?", none: "·", right: "✓", wrong: "✗" };
  const percent = (share) => (isUnknown(share) ? "–" : (share * 100).toFixed(0) + " %");
  const disagrees = (one) => {
    const scores = one.answers.filter((answer) => !controls.has(answer.provider) && !isUnknown(answer.score)).map((answer) => answer.score);
    return scores.length > 1 && Math.max(...scores) - Math.min(...scores) > 1e-9;
  };
  const fill = (id, values) => { for (const value of values) { const option = make("option", "", value); option.value = value; get(id).append(option); } };
  const tagsOf = (one) => Object.entries(one.tags).map(([tag, value]) => tag + " = " + value);
  fill("f-dataset", [...new Set(data.cases.map((one) => one.dataset))]);
  fill("f-tag", [...new Set(data.cases.flatMap(tagsOf))].sort());
  fill("f-provider", data.providers);

  let found = data.cases;
  let page = 0;
  const wordsOf = (one) => {
    one.words ??= [one.case, one.prompt, JSON.stringify(one.expected), ...one.answers.map((answer) => answer.text ?? "")].join("\n").toLowerCase();
    return one.words;
  };
  const filter = () => {
    const [text, dataset, tag, provider, verdict] = ["text", "dataset", "tag", "provider", "verdict"].map((name) => get("f-" + name).value);
    const words = text.toLowerCase();
    const disagree = get("f-disagree").checked;
    found = data.cases.filter((one) => {
      if (dataset && one.dataset !== dataset) return false;
      if (tag && !tagsOf(one).includes(tag)) return false;
      if (disagree && !disagrees(one)) return false;
      const asked = one.answers.filter((answer) => (provider ? answer.provider === provider : !controls.has(answer.provider)));
      if (provider && asked.length === 0) return false;
      if (verdict === "right" ? !asked.length || !asked.every((answer) => state(answer) === "right") : verdict && !asked.some((answer) => state(answer) === verdict)) return false;
      return !words || wordsOf(one).includes(words);
    });
    page = 0;
    show();
  };

  const plain = (value) => (isUnknown(value) ? "–" : typeof value === "string" ? value : JSON.stringify(value));
  const isOff = ([, , , verdict]) => verdict !== undefined && verdict !== "right" && verdict !== "unlabelled";
  const drawFinding = ([path, expected, got = expected, verdict = "right", note]) => {
    const off = isOff([path, expected, got, verdict]);
    const row = make("tr", off ? "off" : "");
    const cells = [path, plain(expected), plain(got), (off ? "✗ " : "✓ ") + (note ? verdict + ": " + note : verdict)];
    for (const text of cells) row.append(make("td", "", text));
    return row;
  };
  // What is wrong stands open; a long list of what is right waits for a click.
  const drawDiff = (answer) => {
    const box = make("div", "diff");
    const table = make("table");
    const head = table.createTHead().insertRow();
    for (const name of ["Field", "Expected", "Answered", "Verdict"]) { const cell = make("th", "", name); cell.scope = "col"; head.append(cell); }
    const body = table.createTBody();
    const right = answer.findings.filter((one) => !isOff(one));
    const folded = right.length > 6;
    for (const one of answer.findings) if (!folded || isOff(one)) body.append(drawFinding(one));
    if (body.rows.length) box.append(table);
    if (folded) {
      const more = make("button", "link", "Show " + right.length + " right values");
      more.type = "button";
      more.addEventListener("click", () => {
        body.replaceChildren(...answer.findings.map(drawFinding));
        box.prepend(table);
        more.remove();
      });
      box.append(more);
    }
    return box;
  };
  const meta = (answer) => {
    const parts = [];
    if (!isUnknown(answer.seconds)) parts.push(answer.seconds.toFixed(2) + " s" + (answer.cached ? " (from the cache)" : ""));
    if (answer.status !== "skipped" && answer.status !== "missing") parts.push(isUnknown(answer.usd) ? "cost unknown" : answer.usd === 0 ? "free" : "$" + answer.usd.toFixed(5));
    if (!isUnknown(answer.input)) parts.push(answer.input + " in, " + (answer.output ?? "?") + " out");
    if (answer.parse) parts.push(answer.parse.replaceAll("_", " "));
    if (answer.attempts > 1) parts.push(answer.attempts + " attempts");
    if (answer.stop && answer.stop !== "complete") parts.push("stopped: " + plain(answer.stop));
    if (answer.served) parts.push("served by " + answer.served);
    return parts.join(" · ");
  };
  const drawPill = (answer) => {
    const kind = state(answer);
    const pill = make("span", "pill " + kind, marks[kind] + " " + (answer.status ?? percent(answer.score)));
    pill.title = answer.provider + (answer.repeat ? ", repeat " + (answer.repeat + 1) : "");
    return pill;
  };
  const drawAnswer = (answer) => {
    const box = make("div", "answer");
    const head = make("div", "head");
    head.append(make("strong", "", answer.provider + (answer.repeat ? " · repeat " + (answer.repeat + 1) : "")), drawPill(answer), make("span", "meta", meta(answer)));
    box.append(head);
    if (answer.failure) box.append(make("p", answer.status === "failed" ? "tone bad" : "meta", answer.failure));
    if (answer.refusal) box.append(make("p", "tone unsure", "Declined: " + answer.refusal));
    for (const note of answer.notes ?? []) box.append(make("p", "meta", note));
    if (answer.findings) box.append(drawDiff(answer));
    if (answer.text) {
      const whole = make("details");
      whole.append(make("summary", "", "Whole answer"), makePre(answer.text));
      box.append(whole);
    } else if (!answer.status && !answer.refusal) {
      box.append(make("p", "meta", "An empty answer."));
    }
    return box;
  };
  const drawMedia = (medium) => {
    if (medium.kind === "image") {
      const image = make("img");
      image.src = medium.src;
      image.alt = medium.name;
      return image;
    }
    if (medium.kind === "audio") {
      const audio = make("audio");
      audio.controls = true;
      audio.src = medium.src;
      audio.setAttribute("aria-label", medium.name);
      return audio;
    }
    const line = make("p", "medium", medium.href ? undefined : medium.name);
    if (medium.href) {
      const link = make("a", "", medium.name);
      link.href = medium.href;
      link.rel = "noreferrer noopener";
      link.target = "_blank";
      line.append(link);
    }
    return line;
  };
  const drawInside = (one) => {
    const inside = make("div", "inside");
    const side = make("div");
    for (const place of one.media) side.append(drawMedia(data.media[place]));
    const tags = tagsOf(one);
    if (tags.length) side.append(make("h4", "", "Tags"), make("p", "meta", tags.join(" · ")));
    if (one.system) side.append(make("h4", "", "System"), makePre(one.system));
    const expected = typeof one.expected === "string" ? one.expected : JSON.stringify(one.expected, null, 1);
    side.append(make("h4", "", "Prompt"), makePre(one.prompt), make("h4", "", "Expected"), makePre(expected));
    const answers = make("div");
    const wanted = get("f-provider").value;
    for (const answer of one.answers) if (!wanted || answer.provider === wanted) answers.append(drawAnswer(answer));
    if (!answers.childElementCount) answers.append(make("p", "meta", "Nobody was asked."));
    inside.append(side, answers);
    return inside;
  };
  const drawCase = (one) => {
    const box = make("details", "case");
    const summary = make("summary");
    const pills = make("span", "pills");
    const wanted = get("f-provider").value;
    for (const answer of one.answers) if (!answer.repeat && (!wanted || answer.provider === wanted)) pills.append(drawPill(answer));
    const where = [one.dataset, ...tagsOf(one)].join(" · ");
    const place = make("span", "where", where);
    place.title = where;
    summary.append(make("span", "id", one.case), place, pills);
    box.append(summary);
    box.addEventListener("toggle", () => { if (box.open && box.childElementCount === 1) box.append(drawInside(one)); });
    return box;
  };
  const show = () => {
    const pages = Math.max(1, Math.ceil(found.length / size));
    get("list").replaceChildren(...found.slice(page * size, (page + 1) * size).map(drawCase));
    if (!found.length) get("list").append(make("p", "empty", "No case is like that. Take a filter away."));
    const more = data.left_out ? "; " + data.left_out + " more had no room in this page, the CSV and JSONL have them" : "";
    get("count").textContent = found.length + " of " + data.cases.length + " cases" + more;
    get("page").textContent = "Page " + (page + 1) + " of " + pages;
    get("previous").disabled = page === 0;
    get("next").disabled = page + 1 >= pages;
  };
  const turn = (by) => {
    page += by;
    show();
    get("cases").scrollIntoView();
    get("list").querySelector("summary")?.focus({ preventScroll: true });
  };
  const names = ["dataset", "tag", "provider", "verdict", "disagree"];
  const openCase = (key) => {
    for (const name of names) get("f-" + name).value = "";
    get("f-text").value = "";
    get("f-disagree").checked = false;
    filter();
    const at = found.findIndex((one) => one.dataset + "/" + one.case === key);
    if (at < 0) { get("cases").scrollIntoView(); return; }
    page = Math.floor(at / size);
    show();
    const box = get("list").children[at % size];
    box.open = true;
    box.scrollIntoView();
    box.firstElementChild.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const key = event.target.dataset?.case;
    if (key !== undefined) openCase(key);
  });
  get("previous").addEventListener("click", () => turn(-1));
  get("next").addEventListener("click", () => turn(1));
  for (const name of names) get("f-" + name).addEventListener("change", filter);
  let typing;
  get("f-text").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 120); });
  show();
})();
