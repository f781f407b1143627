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
  const root = document.documentElement;
  const toggle = get("theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const label = () => { toggle.textContent = isDark() ? "Light" : "Dark"; };
  toggle.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  label();

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : cell.textContent;
  };
  const order = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return 1;
    if (typeof b === "number") return -1;
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
        const rows = [...body.rows].sort((a, b) => order(keyOf(a, column), keyOf(b, column)) * (down ? -1 : 1));
        body.append(...rows);
      });
    });
  }

  if (!get("data")) return;
  const data = JSON.parse(get("data").textContent);
  const size = 50;
  const controls = new Set(data.controls);
  const state = (answer) => {
    if (answer.failure) return "failed";
    if (answer.score === null || answer.score === undefined) return "none";
    return answer.right ? "right" : "wrong";
  };
  const percent = (share) => (share === null || share === undefined ? "–" : (share * 100).toFixed(0) + " %");
  const disagrees = (one) => {
    const scores = one.answers.filter((answer) => !controls.has(answer.provider) && answer.score !== null).map((answer) => answer.score);
    return scores.length > 1 && Math.max(...scores) - Math.min(...scores) > 1e-9;
  };
  const fill = (id, values) => { for (const value of values) { const option = make("option", "", value); option.value = value; get(id).append(option); } };
  const tagsOf = (one) => Object.entries(one.tags).map(([tag, value]) => tag + " = " + value);
  fill("f-dataset", [...new Set(data.cases.map((one) => one.dataset))]);
  fill("f-tag", [...new Set(data.cases.flatMap(tagsOf))].sort());
  fill("f-provider", data.providers);
  for (const one of data.cases) {
    one.words = [one.case, one.prompt, ...one.answers.map((answer) => answer.text)].join("\n").toLowerCase();
  }

  let found = data.cases;
  let page = 0;
  const filter = () => {
    const [words, dataset, tag, provider, verdict] = ["text", "dataset", "tag", "provider", "verdict"].map((name) => get("f-" + name).value);
    const disagree = get("f-disagree").checked;
    found = data.cases.filter((one) => {
      if (dataset && one.dataset !== dataset) return false;
      if (tag && !tagsOf(one).includes(tag)) return false;
      if (words && !one.words.includes(words.toLowerCase())) return false;
      if (disagree && !disagrees(one)) return false;
      const asked = one.answers.filter((answer) => (provider ? answer.provider === provider : !controls.has(answer.provider)));
      if (provider && asked.length === 0) return false;
      return !verdict || asked.some((answer) => state(answer) === verdict);
    });
    page = 0;
    show();
  };

  const plain = (value) => (value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value));
  const diff = (answer) => {
    const table = make("table");
    const head = table.createTHead().insertRow();
    for (const name of ["Field", "Expected", "Answered", "Verdict"]) { const cell = make("th", "", name); cell.scope = "col"; head.append(cell); }
    const body = table.createTBody();
    for (const [path, expected, got, verdict, note] of answer.findings) {
      const row = body.insertRow();
      if (verdict !== "right" && verdict !== "unlabelled") row.className = "off";
      for (const text of [path, plain(expected), plain(got), note ? verdict + ": " + note : verdict]) row.append(make("td", "", text));
    }
    return table;
  };
  const meta = (answer) => {
    const parts = [];
    if (answer.seconds !== null) parts.push(answer.seconds.toFixed(2) + " s" + (answer.cached ? " (from the cache)" : ""));
    parts.push(answer.usd === null ? "cost unknown" : "$" + answer.usd.toFixed(5));
    if (answer.input || answer.output) parts.push((answer.input ?? "?") + " in, " + (answer.output ?? "?") + " out");
    if (answer.attempts > 1) parts.push(answer.attempts + " attempts");
    if (answer.parse && answer.parse !== "not_needed") parts.push(String(answer.parse).replaceAll("_", " "));
    if (answer.served) parts.push("served by " + answer.served);
    return parts.join(" · ");
  };
  const drawAnswer = (answer) => {
    const box = make("div", "answer");
    const head = make("div", "head");
    head.append(make("strong", "", answer.provider + (answer.repeat ? " #" + (answer.repeat + 1) : "")), make("span", "pill " + state(answer), answer.failure ? "failed" : percent(answer.score)), make("span", "meta", meta(answer)));
    box.append(head);
    if (answer.failure) box.append(make("p", "tone bad", answer.failure));
    if (answer.refusal) box.append(make("p", "tone unsure", "Declined: " + answer.refusal));
    for (const note of answer.notes) box.append(make("p", "meta", note));
    if (answer.findings.length) box.append(diff(answer));
    if (answer.text) {
      const whole = make("details");
      whole.append(make("summary", "", "Whole answer"), make("pre", "", answer.text));
      box.append(whole);
    }
    return box;
  };
  const drawMedia = (side, medium) => {
    if (medium.src) {
      const image = make("img");
      image.src = medium.src;
      image.alt = medium.name;
      side.append(image);
    } else if (medium.href) {
      const link = make("a", "", medium.name);
      link.href = medium.href;
      link.rel = "noreferrer noopener";
      side.append(link);
    } else {
      side.append(make("p", "", medium.name));
    }
  };
  const drawInside = (one) => {
    const inside = make("div", "inside");
    const side = make("div");
    for (const medium of one.media) drawMedia(side, medium);
    if (one.system) side.append(make("h4", "", "System"), make("pre", "", one.system));
    const expected = typeof one.expected === "string" ? one.expected : JSON.stringify(one.expected, null, 1);
    side.append(make("h4", "", "Prompt"), make("pre", "", one.prompt), make("h4", "", "Expected"), make("pre", "", expected));
    const answers = make("div");
    const wanted = get("f-provider").value;
    for (const answer of one.answers) if (!wanted || answer.provider === wanted) answers.append(drawAnswer(answer));
    inside.append(side, answers);
    return inside;
  };
  const drawCase = (one) => {
    const box = make("details", "case");
    const summary = make("summary");
    const pills = make("span", "pills");
    for (const answer of one.answers.filter((answer) => answer.repeat === 0)) {
      const pill = make("span", "pill " + state(answer), answer.failure ? "failed" : percent(answer.score));
      pill.title = answer.provider;
      pills.append(pill);
    }
    summary.append(make("span", "id", one.case), make("span", "where", [one.dataset, ...tagsOf(one)].join(" · ")), pills);
    box.append(summary);
    box.addEventListener("toggle", () => { if (box.open && box.childElementCount === 1) box.append(drawInside(one)); });
    return box;
  };
  const show = () => {
    const pages = Math.max(1, Math.ceil(found.length / size));
    get("list").replaceChildren(...found.slice(page * size, (page + 1) * size).map(drawCase));
    get("count").textContent = found.length + " of " + data.cases.length + " cases";
    get("page").textContent = "Page " + (page + 1) + " of " + pages;
    get("previous").disabled = page === 0;
    get("next").disabled = page + 1 >= pages;
  };
  const turn = (by) => { page += by; show(); get("cases").scrollIntoView(); };
  get("previous").addEventListener("click", () => turn(-1));
  get("next").addEventListener("click", () => turn(1));
  for (const name of ["dataset", "tag", "provider", "verdict", "disagree"]) get("f-" + name).addEventListener("change", filter);
  get("f-text").addEventListener("input", filter);
  show();
})();
