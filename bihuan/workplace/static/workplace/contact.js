/* The page of one conversation: tabs beside the transcript, j and k to the neighbours, the way from a verdict to its words. */
(function () {
  "use strict";
  const desk = document.querySelector("[data-panels]");
  if (!desk) return;
  const phone = window.matchMedia("(max-width: 767px)");
  const panels = [...desk.querySelectorAll("[data-panel]")];
  const rail = desk.querySelector(".rail");
  const tabs = [...document.querySelectorAll("[data-tabs] a")];
  let open = "verdicts";
  let part = "talk"; // on the phone the transcript is a tab too

  function draw() {
    const shown = phone.matches ? part : open;
    panels.forEach((panel) => {
      panel.hidden = panel.id === "talk" ? phone.matches && shown !== "talk" : panel.id !== shown;
    });
    rail.hidden = phone.matches && shown === "talk";
    tabs.forEach((tab) => {
      const mine = tab.getAttribute("href") === `#${shown}`;
      tab.setAttribute("aria-selected", String(mine));
      tab.tabIndex = mine ? 0 : -1;
    });
  }

  function choose(name) {
    part = name;
    if (name !== "talk") open = name;
    draw();
  }

  tabs.forEach((tab) => {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tab.getAttribute("href").slice(1));
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const row = [...tab.parentElement.querySelectorAll("a")];
      const next = row[(row.indexOf(tab) + step + row.length) % row.length];
      choose(next.getAttribute("href").slice(1));
      next.focus();
    });
  });

  // before linking.js scrolls, the panel of the partner must be open
  document.addEventListener("click", (event) => {
    const source = event.target.closest("[data-check]");
    if (source && phone.matches) choose(source.classList.contains("ev") ? "verdicts" : "talk");
    else if (source && source.classList.contains("ev") && open === "raw") choose("verdicts");
    const link = event.target.closest('a[href^="#m"]');
    if (link && phone.matches) choose("talk");
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable], dialog[open]")) return;
    const link = document.querySelector(`a[data-key="${event.key}"]`);
    if (link) link.click();
  });

  desk.classList.add("ct-scripted");
  const reveal = document.querySelector("dialog.ct-reveal");
  if (reveal && reveal.open) { // the form came back with an error: show it as a dialog
    reveal.close();
    reveal.showModal();
  }
  document.querySelectorAll('a[data-opens]').forEach((link) => link.addEventListener("click", (event) => event.preventDefault()));
  phone.addEventListener("change", draw);
  draw();
})();
