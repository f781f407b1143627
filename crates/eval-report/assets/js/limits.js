// Moves limits and looks up what the rule of the tool gave for them: there is no second rule here.
if (data?.trade_off) {
  const { scores, usd, p95, outcomes, table, candidates, asked } = data.trade_off;
  const seconds = (value) => (value < 0.9995 ? (value * 1000).toFixed(0) + " ms" : value.toFixed(1) + " s");
  const share = (value) => (value * 100).toFixed(1) + "%";
  // Positions of a slider are limits: the candidates' own values are the only ones at which anything changes.
  const axes = {
    score: { limits: [null, ...scores], show: (limit) => (limit === null ? "none" : "at least " + share(limit)) },
    usd: { limits: [...usd, null], show: (limit) => (limit === null ? "none" : "at most " + money(limit)) },
    p95: { limits: [...p95, null], show: (limit) => (limit === null ? "none" : "at most " + seconds(limit)) },
  };
  const limitOf = (name) => axes[name].limits[Number(get("l-" + name).value)];
  const below = (values, limit) => (limit === null ? 0 : values.filter((value) => value < limit).length);
  const within = (values, limit) => (limit === null ? values.length + 1 : values.filter((value) => value <= limit).length);
  const outcome = (score, cost, time) => outcomes[table[(below(scores, score) * (usd.length + 2) + within(usd, cost)) * (p95.length + 2) + within(p95, time)]];
  const reasons = (one, score, cost, time) => {
    const found = [];
    if (score !== null && one.score?.[1] < score) found.push("score too low");
    if (cost !== null && (isUnknown(one.usd) || one.usd > cost)) found.push(isUnknown(one.usd) ? "cost not known" : "too expensive");
    if (time !== null && (isUnknown(one.p95) || (one.p95[0] ?? 0) > time)) found.push(isUnknown(one.p95) ? "latency not known" : "too slow");
    return found;
  };
  // What its interval neither shows to be met nor to be missed.
  const doubts = (one, score, time) => {
    const found = [];
    if (score !== null && !(one.score?.[0] >= score)) found.push("score not shown to be high enough");
    if (time !== null && !((one.p95?.[1] ?? Infinity) <= time)) found.push("latency not shown to be low enough");
    return found;
  };
  // Until the reader moves a slider its limit is the one that was asked for, which may lie between two positions.
  let limits = [...asked];
  const show = () => {
    Object.keys(axes).forEach((name, at) => {
      const text = axes[name].show(limits[at]);
      get("o-" + name).textContent = text;
      get("l-" + name).setAttribute("aria-valuetext", text);
    });
    const result = outcome(...limits);
    get("outcome").className = "outcome " + result.tone;
    get("outcome").textContent = result.text;
    get("left").replaceChildren(...candidates.map((one) => {
      const why = one.eligible ? reasons(one, ...limits) : ["not eligible under any limit"];
      const unsure = doubts(one, limits[0], limits[2]);
      const line = make("li", why.length ? "out" : result.winner === one.name ? "won" : "");
      line.append(make("span", "", (why.length ? "✗ " : unsure.length ? "? " : "✓ ") + one.name), make("small", "", why.join(", ") || unsure.join(", ") || (result.winner === one.name ? "recommended" : "within the limits")));
      return line;
    }));
  };
  const reset = () => {
    limits = [...asked];
    Object.keys(axes).forEach((name, at) => {
      const positions = axes[name].limits;
      const field = get("l-" + name);
      field.max = String(positions.length - 1);
      const known = positions.filter((limit) => limit !== null);
      const wanted = asked[at];
      const place = name === "score" ? below(known, wanted) + 1 : within(known, wanted) - 1;
      field.value = String(wanted === null ? positions.indexOf(null) : Math.min(Math.max(place, 0), positions.length - 1));
      field.disabled = positions.length < 2;
    });
    show();
  };
  Object.keys(axes).forEach((name, at) => {
    get("l-" + name).addEventListener("input", () => { limits[at] = limitOf(name); show(); });
  });
  get("l-reset").addEventListener("click", reset);
  document.querySelector(".limits").hidden = false;
  reset();
}
