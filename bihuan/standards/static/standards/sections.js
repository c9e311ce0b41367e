/* The list of sections marks the one being read: the last whose top is near the top of the window, or above it. */
(function () {
  "use strict";
  const links = [...document.querySelectorAll("[data-follows-sections] a")];
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
  let waiting = false;

  function mark() {
    waiting = false;
    const line = Math.min(160, window.innerHeight / 3);
    let at = 0;
    sections.forEach((section, index) => { if (section && section.getBoundingClientRect().top <= line) at = index; });
    if (window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2) at = links.length - 1;
    links.forEach((link, index) => (index === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  }

  document.addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } }, { passive: true });
  mark();
})();
