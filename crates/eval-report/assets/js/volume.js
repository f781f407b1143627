// The monthly cost at the reader's own volume, written like the reports write money.
const money = (usd) => {
  if (usd === 0) return "$0";
  if (usd < 0.0001) return "<$0.0001";
  if (usd < 0.09995) return "$" + usd.toFixed(4).replace(/00$/, "");
  return "$" + usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
};
get("volume")?.addEventListener("input", () => {
  const volume = Math.max(0, Number(get("volume").value) || 0);
  for (const card of document.querySelectorAll(".card[data-usd]")) {
    const usd = (Number(card.dataset.usd) * volume) / 1000;
    const known = usd === 0 ? "free" : money(usd);
    card.querySelector(".monthly").textContent = card.dataset.least === undefined ? known : "≥ " + money(usd);
  }
});
