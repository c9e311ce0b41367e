/* Sets the theme before the first paint, so this file is loaded without defer. Choice: system, light or dark. */
(function () {
  "use strict";
  const KEY = "bihuan-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  function choice() {
    const asked = new URLSearchParams(location.search).get("theme");
    try {
      return asked || localStorage.getItem(KEY) || "system";
    } catch {
      return asked || "system"; // storage may be forbidden; the system's theme still works
    }
  }

  function apply() {
    const wanted = choice();
    const dark = wanted === "dark" || (wanted !== "light" && system.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    document.querySelectorAll("[data-theme]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.theme === wanted)));
    document.dispatchEvent(new CustomEvent("bihuan:theme"));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.theme);
    } catch {
      root.dataset.bsTheme = button.dataset.theme;
    }
    apply();
  });
  function paper() {
    root.dataset.bsTheme = "light"; // ink on white, also for charts, whatever the screen shows
    document.dispatchEvent(new CustomEvent("bihuan:theme"));
  }

  addEventListener("beforeprint", paper);
  addEventListener("afterprint", apply);
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  apply();
})();
