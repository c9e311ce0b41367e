/* Toasts: the button closes one; a success goes by itself after a while unless pointer or focus rests on it.
   A failed htmx request says so: a refusal (409, plain text) in the server's words, anything else in ours. */
(function () {
  "use strict";
  const STAY = 8000;

  function expire(toast) {
    if (toast.dataset.expires !== "yes" || toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
    setTimeout(leave, STAY);
  }

  function complain(text) {
    const box = document.getElementById("toasts");
    if ([...box.querySelectorAll(".grow")].some((said) => said.textContent === text)) return; // a page that asks by itself fails often
    const toast = document.createElement("div");
    const words = document.createElement("span");
    const close = document.createElement("button");
    toast.className = "toast-note is-bad";
    words.className = "grow";
    words.textContent = text;
    close.className = "btn btn-quiet btn-small";
    close.dataset.closesToast = "";
    close.setAttribute("aria-label", box.dataset.close);
    close.textContent = "×";
    toast.append(words, close);
    box.append(toast);
  }

  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    complain(plain && answer.status === 409 ? answer.responseText : document.getElementById("toasts").dataset.broken);
  });
  document.addEventListener("htmx:sendError", () => complain(document.getElementById("toasts").dataset.offline));

  // whoever was signed out meanwhile is answered with the page to sign in, which is no part of this one
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const box = document.getElementById("toasts").dataset;
    if (!detail.shouldSwap || detail.pathInfo.responsePath.split("?")[0] !== box.door) return;
    detail.shouldSwap = false;
    complain(box.signedOut);
  });

  const scan = () => document.querySelectorAll(".toast-note").forEach(expire);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-closes-toast]");
    if (button) button.closest(".toast-note").remove();
  });
  document.addEventListener("htmx:afterSettle", scan);
  document.addEventListener("DOMContentLoaded", scan);
})();
