/* Whoever signed in again in another tab has another key against forged forms than the one this page was drawn with. */
(function () {
  "use strict";
  const NAME = "csrfmiddlewaretoken";
  const key = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!key()) return;
    if (detail.headers["X-CSRFToken"]) detail.headers["X-CSRFToken"] = key();
    if (detail.parameters[NAME]) detail.parameters[NAME] = key();
  });
  document.addEventListener("submit", ({ target }) => {
    const field = target.elements.namedItem(NAME);
    if (field && key()) field.value = key();
  }, true);
})();
