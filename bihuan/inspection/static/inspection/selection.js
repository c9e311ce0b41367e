/* What of the conversation is chosen: marked text, else the chosen message, as code points of the stored original. */
(function () {
  "use strict";
  const points = (text) => Array.from(text).length;

  function place(node, offset) {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!piece) return null;
    const before = node.nodeType === Node.TEXT_NODE ? node.textContent.slice(0, offset) : "";
    return Number(piece.dataset.start) + points(before);
  }

  function marked() {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const message = (range.startContainer.parentElement || range.startContainer).closest("[data-message]");
    if (!message || !message.contains(range.endContainer)) return null;
    const start = place(range.startContainer, range.startOffset);
    const end = place(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return null;
    return { message: Number(message.dataset.message), start, end, text: selection.toString() };
  }

  function wholly(message) {
    if (!message) return null;
    const pieces = [...message.querySelectorAll(".ins-text [data-start]")];
    const text = pieces.map((piece) => piece.textContent).join("");
    return text ? { message: Number(message.dataset.message), start: 0, end: points(text), text } : null;
  }

  window.bihuanChosen = () => marked() || wholly(document.querySelector(".msg.is-chosen"));
})();
