/* What is selected in a message becomes its place, "#3:4-9": code points, as the record counts them. */
(function () {
  "use strict";
  const points = (text) => Array.from(text).length;

  function place() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return "";
    const range = selection.getRangeAt(0);
    const bubble = (range.startContainer.parentElement || document.body).closest(".msg .bubble");
    if (!bubble || !bubble.contains(range.endContainer)) return "";
    const before = document.createRange();
    before.selectNodeContents(bubble);
    before.setEnd(range.startContainer, range.startOffset);
    const start = points(before.toString());
    return `#${bubble.closest(".msg").id.slice(1)}:${start}-${start + points(range.toString())}`;
  }

  document.querySelectorAll("[data-cites]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    button.addEventListener("click", () => {
      const found = place();
      const field = document.getElementById(button.dataset.cites);
      if (found) field.value = field.value.trim() ? `${field.value.trim()}, ${found}` : found;
      field.focus();
    });
  });
})();
