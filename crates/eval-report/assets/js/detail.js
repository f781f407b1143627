// One case: its media, what was expected, and the answers of all candidates side by side.
const isOff = (verdict) => verdict !== undefined && verdict !== "right" && verdict !== "unlabelled";
// With the run, unless that is named by its only provider.
const nameOf = (answer) => {
  const known = providers[answer.provider];
  const name = (answer.side === 0 && known?.was) || known?.name || "unknown";
  const run = sides?.[answer.side];
  const whole = run === undefined ? name : run.endsWith("@" + name) ? run : run + " · " + name;
  return whole + (answer.repeat ? " · repeat " + (answer.repeat + 1) : "");
};
const meta = (answer) => {
  if (answer.only_score) return "only the score is known: the baseline holds no answers";
  const parts = [];
  if (!isUnknown(answer.seconds)) parts.push(answer.seconds.toFixed(2) + " s" + (answer.cached ? " (cached)" : ""));
  if (!isUnknown(answer.first)) parts.push("first token after " + answer.first.toFixed(2) + " s");
  if (!isUnknown(answer.speed)) parts.push(answer.speed.toFixed(answer.speed < 10 ? 1 : 0) + " tokens/s");
  if (answer.status !== "skipped" && answer.status !== "missing") parts.push(isUnknown(answer.usd) ? "cost unknown" : answer.usd === 0 ? "free" : "$" + answer.usd.toFixed(5));
  if (!isUnknown(answer.input)) parts.push(answer.input + " in, " + (answer.output ?? "?") + " out");
  if (answer.parse) parts.push(answer.parse.replaceAll("_", " "));
  if (answer.attempts > 1) parts.push(answer.attempts + " attempts");
  if (answer.stop) parts.push("stopped: " + answer.stop);
  if (!isUnknown(answer.served)) parts.push("served by " + texts[answer.served]);
  return parts.join(" · ");
};
// Words of the answer that the expected text does not have.
const drawText = (expected, text) => {
  const known = new Map();
  for (const word of expected.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) known.set(word, (known.get(word) ?? 0) + 1);
  const box = makePre();
  for (const part of text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? []) {
    const word = part.toLowerCase();
    const left = known.get(word) ?? 0;
    if (left > 0) known.set(word, left - 1);
    box.append(left > 0 || !/[\p{L}\p{N}]/u.test(part) ? part : make("mark", "", part));
  }
  return box;
};
const drawValue = (finding, expected) => {
  // A bare number says: right, and what was expected.
  if (typeof finding === "number") return make("td", "same", "✓ " + plain(expected));
  const [, got, verdict, note] = finding;
  const off = isOff(verdict);
  const cell = make("td", off ? "off" : "same", (off ? "✗ " : "✓ ") + plain(got));
  if (off || note) cell.append(make("small", "", note ? verdict + ": " + note : verdict));
  return cell;
};
const drawFields = (one, answers) => {
  const table = make("table", "side");
  const head = table.createTHead().insertRow();
  const top = (text) => { const cell = make("th", "", text); cell.scope = "col"; return cell; };
  head.append(top("Field"), top("Expected"), ...answers.map((answer) => top(nameOf(answer))));
  const body = table.createTBody();
  const found = answers.map((answer) => new Map((answer.findings ?? []).map((finding) => [typeof finding === "number" ? finding : finding[0], finding])));
  const right = [];
  (one.fields ?? []).forEach(([path, expected], at) => {
    const row = make("tr");
    const name = make("th", "", path);
    name.scope = "row";
    const values = found.map((findings) => (findings.has(at) ? drawValue(findings.get(at), expected) : make("td", "none", "–")));
    if (sides) markMoved(values, answers);
    row.append(name, make("td", "", plain(expected)), ...values);
    const off = values.filter((cell) => cell.className === "off").length;
    if (off) {
      if (values.length > 3) name.append(make("small", "", off + " of " + values.length + " wrong"));
      body.append(row);
    } else right.push(row);
  });
  const box = make("div", "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Fields");
  box.append(table);
  const all = make("div");
  all.append(box);
  // What is wrong stands open; a long list of what is right waits for a click.
  if (right.length > 8 && body.rows.length) all.append(button("link", "Show " + right.length + " fields that all have right", (event) => { body.append(...right); event.target.remove(); }));
  else body.append(...right);
  return all;
};
const drawAnswer = (one, answer) => {
  const box = make("div", "answer");
  const head = make("div", "head");
  head.append(make("strong", "", nameOf(answer)), drawPill(answer, nameOf(answer)));
  box.append(head, make("p", "meta", meta(answer)));
  if (answer.failure) box.append(make("p", answer.status === "failed" ? "tone bad" : "meta", answer.failure));
  if (answer.refusal) box.append(make("p", "tone unsure", "Refused: " + answer.refusal));
  for (const note of answer.notes ?? []) box.append(make("p", "meta", note));
  if (answer.text) {
    const expected = typeof one.expected === "string" ? one.expected : JSON.stringify(one.expected);
    const long = one.fields && answer.text.length > 120;
    const drawn = drawText(sides ? otherText(one, answer) ?? expected : expected, answer.text);
    if (long) {
      const whole = make("details");
      whole.open = Boolean(sides);
      whole.append(make("summary", "", "Whole answer"), drawn);
      box.append(whole);
    } else box.append(drawn);
  } else if (!answer.status && !answer.refusal && !answer.only_score) box.append(make("p", "meta", "An empty answer."));
  return box;
};
const drawLink = (medium, text) => {
  const link = make("a", "", text);
  link.href = medium.href;
  link.rel = "noreferrer noopener";
  link.target = "_blank";
  return link;
};
const drawMedium = (medium, pages) => {
  const box = make("div", "medium");
  if (pages) {
    box.append(pages.box);
    const line = make("p", "meta", "Preview of ");
    line.append(medium.href ? drawLink(medium, medium.name) : medium.name);
    box.append(line);
  } else if (medium.kind === "audio") {
    const audio = make("audio");
    audio.controls = true;
    [audio.src] = medium.src;
    audio.setAttribute("aria-label", medium.name);
    box.append(audio);
  } else {
    const line = make("p", "tone unsure", "Not embedded in this page: ");
    line.append(medium.href ? drawLink(medium, medium.name) : medium.name);
    box.append(line);
  }
  return box;
};
const drawSaid = (one, answers) => {
  const list = make("div", "answers");
  list.append(...answers.map((answer) => drawAnswer(one, answer)));
  if (!answers.length) list.append(make("p", "meta", "No provider was asked."));
  const found = answers.filter((answer) => answer.findings);
  return one.fields && found.length ? [drawFields(one, found), list] : [list];
};
const drawSeen = (one, answers) => {
  const seen = (one.media ?? []).map((place) => media[place]).map((medium) => ({ medium, pages: medium.kind === "image" ? drawPages(medium) : undefined }));
  const drawn = seen.map(({ medium, pages }) => drawMedium(medium, pages));
  const sure = answers.filter((answer) => answer.evidence);
  // A place is on a page; of several media nobody says which.
  if (sure.length) drawn.push(drawEvidence(sure, seen.length === 1 ? seen[0].pages : undefined));
  return drawn;
};
const drawCase = (one) => {
  const inside = make("div", "inside");
  const side = make("div", "seen");
  const shown = new Set(columns().map(({ place }) => place));
  const answers = answersOf(one).filter((answer) => shown.has(answer.provider));
  side.append(...drawSeen(one, answers));
  const fold = (title, text, open) => {
    const box = make("details");
    box.open = open;
    box.append(make("summary", "", title), makePre(text));
    side.append(box);
  };
  const tags = tagsOf(one);
  if (tags.length) side.append(make("p", "meta", tags.join(" · ")));
  if (!isUnknown(one.system)) fold("System prompt", texts[one.system], false);
  const written = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1));
  if (one.unknown) side.append(make("p", "tone unsure", "Only the scores are known: no record of these runs is here."));
  else {
    fold("Prompt", texts[one.prompt] ?? "", !one.fields && !sides);
    fold("Expected", written(one.expected), !one.fields || Boolean(sides));
    if (one.expected_before !== undefined) fold("Expected in " + sides[0], written(one.expected_before), true);
  }
  const said = make("div", "said");
  said.append(...(sides ? drawChanged(one, answers) : drawSaid(one, answers)));
  inside.append(side, said);
  return inside;
};
