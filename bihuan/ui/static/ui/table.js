/* Keys on lists: j and k move the cursor, enter opens its row. The first table of the page answers; fields keep their keys. */
(function () {
  "use strict";
  if (window.bihuanTable) return; // two tables on a page load this file twice
  window.bihuanTable = true;
  const rows = () => [...(document.querySelector("table[data-keys]")?.querySelectorAll("tbody tr[data-url]") || [])];

  function move(step) {
    const all = rows();
    const now = all.findIndex((row) => row.classList.contains("is-cursor"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    if (!next) return;
    if (now >= 0) all[now].classList.remove("is-cursor");
    next.classList.add("is-cursor");
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, button, a, [contenteditable], dialog")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "Enter") {
      const row = rows().find((r) => r.classList.contains("is-cursor"));
      if (row) location.assign(row.dataset.url);
    }
  });
})();
