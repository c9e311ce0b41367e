/* Elements sharing a name in data-check light together: a verdict its spans, a span its verdicts. A click scrolls to the partner. */
(function () {
  "use strict";
  const names = (element) => element.dataset.check.split(" ").filter(Boolean);
  const linked = (source) => {
    const wanted = names(source);
    return [...document.querySelectorAll("[data-check]")].filter((e) => names(e).some((n) => wanted.includes(n)));
  };

  function light(event) {
    const source = event.target.closest && event.target.closest("[data-check]");
    document.querySelectorAll(".is-lit").forEach((element) => element.classList.remove("is-lit"));
    if (source) linked(source).forEach((element) => element.classList.add("is-lit"));
  }

  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);
  document.addEventListener("click", (event) => {
    const source = event.target.closest("[data-check]");
    if (!source) return;
    const isSpan = source.classList.contains("ev");
    const partner = linked(source).find((element) => element.classList.contains("ev") !== isSpan);
    if (partner) partner.scrollIntoView({ block: "center", behavior: "auto" });
  });
})();
