// Tables that are sorted by a click on a column. What is not known stands last either way.
const keyOf = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : cell.textContent;
};
const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = table.tHead.rows[0].cells;
  [...heads].forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const body = table.tBodies[0];
      const numeric = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : numeric;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
      const isKnown = ({ key }) => !numeric || typeof key === "number";
      const known = keyed.filter(isKnown).sort((a, b) => order(a.key, b.key) * (down ? -1 : 1));
      body.append(...[...known, ...keyed.filter((one) => !isKnown(one))].map((one) => one.row));
    });
  });
  // Rows with hardly a case behind them wait for a click.
  const minor = table.querySelectorAll("tr.minor");
  if (minor.length) {
    const more = button("link", "Show " + minor.length + " rows with fewer than 5 trials", () => {
      for (const row of minor) row.classList.remove("minor");
      more.remove();
    });
    table.parentElement.after(more);
  }
}
