// The monthly cost at the reader's own volume.
const money = (usd) => {
  if (usd === 0) return "$0";
  if (usd < 0.0001) return "<$0.0001";
  if (usd < 0.1) return "$" + usd.toFixed(4);
  return "$" + usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
};
get("volume")?.addEventListener("input", () => {
  const volume = Math.max(0, Number(get("volume").value) || 0);
  for (const card of document.querySelectorAll(".card[data-usd]")) {
    const cost = money((Number(card.dataset.usd) * volume) / 1000);
    card.querySelector(".monthly").textContent = (card.dataset.least === undefined ? "" : "≥ ") + cost;
  }
});
