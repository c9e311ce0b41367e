/* A changed pick of a filter bar is sent at once; the button is for those without script. Empty values leave the address. */
(function () {
  "use strict";
  if (window.bihuanFilters) return; // two bars on a page load this file twice
  window.bihuanFilters = true;
  document.querySelectorAll("[data-hidden-by-script]").forEach((button) => (button.hidden = true));
  document.querySelectorAll("form[data-sends-on-change]").forEach((form) => {
    form.addEventListener("submit", () =>
      form.querySelectorAll("select, input").forEach((field) => (field.disabled = field.value === "")));
    form.addEventListener("change", () => form.requestSubmit());
  });
})();
