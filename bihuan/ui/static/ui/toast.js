/* Toasts: the button closes one; a success goes by itself after a while unless pointer or focus rests on it. */
(function () {
  "use strict";
  const STAY = 8000;

  function expire(toast) {
    if (toast.dataset.expires !== "yes" || toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
    setTimeout(leave, STAY);
  }

  const scan = () => document.querySelectorAll(".toast-note").forEach(expire);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-closes-toast]");
    if (button) button.closest(".toast-note").remove();
  });
  document.addEventListener("htmx:afterSettle", scan);
  document.addEventListener("DOMContentLoaded", scan);
})();
