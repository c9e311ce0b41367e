/* Keys of every page with the shell. Lists: j and k move the cursor, enter opens, n and p turn the page. Everywhere: / goes to
   the search, u one level up, ? tells the keys. Fields, dialogs and desks with keys of their own keep theirs. */
(function () {
  "use strict";
  const FIELDS = "input, select, textarea, [contenteditable], dialog[open]";
  const ROWS = "main table.tab tbody tr, main a.q, main a.low";
  const help = document.getElementById("keys-help");
  const shown = (element) => element.checkVisibility();

  // what a row opens: itself, its declared address, or the link of its first cell
  function target(row) {
    if (row.matches("a")) return row;
    const links = [...row.querySelectorAll("a[href]")];
    return links.find((link) => link.getAttribute("href") === row.dataset.url) || (row.dataset.url ? null : row.cells[0]?.querySelector("a[href]"));
  }

  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => (target(row) || row.dataset.url) && shown(row));
  const cursor = () => document.querySelector("main .is-cursor");

  function move(step) {
    const all = rows();
    const now = cursor();
    const next = all[Math.min(Math.max(all.indexOf(now) + step, 0), all.length - 1)];
    if (!next) return;
    if (now) now.classList.remove("is-cursor");
    next.classList.add("is-cursor");
    const link = target(next);
    if (link) link.focus({ preventScroll: true }); // so that readers hear the row and enter is the browser's own
    next.scrollIntoView({ block: "nearest" });
  }

  function follow(selector) {
    const link = [...document.querySelectorAll(selector)].filter(shown).pop();
    if (link) link.click();
    return Boolean(link);
  }

  function search() {
    const field = [...document.querySelectorAll('main input[type="search"]')].find(shown);
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  // only what this page has is told; its own keys stand on its links as data-key
  function explain() {
    const has = { list: rows().length > 0, pages: document.querySelector("main .pager a[rel]"), search: document.querySelector('main input[type="search"]'), up: document.querySelector(".bh-head a.crumb") };
    help.querySelectorAll("[data-needs]").forEach((part) => (part.hidden = !has[part.dataset.needs]));
    const own = help.querySelector("[data-own]");
    own.querySelectorAll("div").forEach((line) => line.remove());
    document.querySelectorAll("main a[data-key]").forEach((link) => {
      const line = own.querySelector("template").content.cloneNode(true);
      line.querySelector("kbd").textContent = link.dataset.key;
      line.querySelector("dd").textContent = link.getAttribute("aria-label") || [...link.childNodes].filter((n) => n.nodeName !== "KBD").map((n) => n.textContent).join("").trim();
      own.append(line);
    });
    own.hidden = !own.querySelector("div");
    if (own.querySelector("div")) help.querySelectorAll('[data-needs="list"]').forEach((part) => (part.hidden = true));
    if (!help.open) help.showModal();
  }

  const ACTS = { "/": search, "?": () => { explain(); return true; }, u: () => follow(".bh-head a.crumb") };
  const OF_LISTS = { j: () => move(1), k: () => move(-1), n: () => follow('main .pager a[rel="next"]'), p: () => follow('main .pager a[rel="prev"]') };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || !help) return;
    if (event.key === "Escape" && event.target.matches('input[type="search"]')) event.target.blur();
    if (document.querySelector("[data-desk]") || event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
    const own = document.querySelector(`main a[data-key="${CSS.escape(event.key)}"]`);
    if (!own && OF_LISTS[event.key]) { OF_LISTS[event.key](); return; }
    if (ACTS[event.key] && ACTS[event.key]()) event.preventDefault(); // the slash must not be typed into the search
    const now = event.key === "Enter" && !event.target.closest("a, button, summary") && cursor();
    if (now && now.dataset.url) location.assign(now.dataset.url);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-explains-keys]")) explain();
  });

  // a long menu scrolls: whoever is on one of its last pages sees where
  document.querySelector(".bh-nav a[aria-current]")?.scrollIntoView({ block: "nearest" });
})();
