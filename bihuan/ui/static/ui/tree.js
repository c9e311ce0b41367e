/* Opens and closes the branches of a score tree. Without script every row stands open. */
(function () {
  "use strict";

  function draw(tree) {
    const shown = new Map();
    tree.querySelectorAll("tr[data-key]").forEach((row) => {
      const parent = shown.get(row.dataset.parent);
      const visible = !parent || (parent.visible && parent.open);
      shown.set(row.dataset.key, { visible, open: row.dataset.open === "yes" });
      row.hidden = !visible;
      const fold = row.querySelector(".tree-fold");
      if (fold) fold.setAttribute("aria-expanded", String(row.dataset.open === "yes"));
    });
  }

  if (window.bihuanTree) return; // two trees on a page load this file twice
  window.bihuanTree = true;
  document.addEventListener("click", (event) => {
    const fold = event.target.closest(".tree-fold");
    if (!fold) return;
    const row = fold.closest("tr");
    row.dataset.open = row.dataset.open === "yes" ? "no" : "yes";
    draw(row.closest("[data-tree]"));
  });
  const drawAll = () => document.querySelectorAll("[data-tree]").forEach(draw);
  document.addEventListener("htmx:afterSettle", drawAll);
  drawAll();
})();
