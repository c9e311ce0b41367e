/* What of the conversation is chosen: marked text, else the chosen message or event of the timeline, as code points of the
   stored original. By keys: a place is chosen, and in a message a cursor marks one character as it is read, or a stretch. */
(function () {
  "use strict";
  const PLACES = "[data-message], [data-event]";
  const heard = document.getElementById("heard");
  const first = document.querySelector("#choose-first span");
  const points = (text) => Array.from(text).length;
  const places = () => [...document.querySelectorAll(PLACES)];
  const current = () => document.getElementById(chosen);
  const pieces = (message) => [...message.querySelectorAll(".ins-text [data-start]")];
  const textOf = (message) => pieces(message).map((piece) => piece.textContent).join("");
  const starts = (text, of) => [...new Intl.Segmenter(undefined, { granularity: of }).segment(text)].map((one) => one.index);
  let chosen = "";
  let cursor = null; // {anchor, head}: where the characters begin that the marked stretch was begun at and has come to
  let kept = null;

  const say = (words) => { if (heard) heard.textContent = words; };

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

  function wholly(element) {
    if (!element) return null;
    if (element.dataset.event) return { event: Number(element.dataset.event), text: element.querySelector("[data-said]").textContent };
    const text = textOf(element);
    return { message: Number(element.dataset.message), start: 0, end: points(text), text }; // a moment may stand where nothing was written
  }

  // from and to count as the page counts, not code points
  function mark(message, from, to) {
    const range = document.createRange();
    let at = 0;
    for (const { firstChild: node, textContent: text } of pieces(message)) {
      if (from >= at && from < at + text.length) range.setStart(node, from - at);
      if (to > at && to <= at + text.length) range.setEnd(node, to - at);
      at += text.length;
    }
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return range.endContainer.parentElement;
  }

  // a stretch grows to the end of a word, the cursor alone goes to its beginning
  function stops(text, byWord, grows) {
    const letters = starts(text, "grapheme");
    if (!byWord) return letters;
    const words = starts(text, "word");
    return grows ? letters.filter((_, place) => place === letters.length - 1 || words.includes(letters[place + 1])) : words;
  }

  function target(key, text, { extends: extended, byWord }) {
    const last = starts(text, "grapheme").pop();
    if (key === "Home" || (!cursor && key === "ArrowRight")) return 0;
    if (key === "End" || !cursor) return last;
    if (key === "ArrowRight") return stops(text, byWord, extended).find((one) => one > cursor.head) ?? last;
    return stops(text, byWord, false).filter((one) => one < cursor.head).pop() ?? 0;
  }

  function move(key, how) {
    const message = current();
    const text = message && message.dataset.message ? textOf(message) : "";
    if (!text) return false;
    if (!marked()) cursor = null; // a field took it away
    const head = target(key, text, how);
    cursor = { anchor: how.extends && cursor ? cursor.anchor : head, head };
    const beyond = Math.max(cursor.anchor, head);
    const [from, to] = [Math.min(cursor.anchor, head), starts(text, "grapheme").find((one) => one > beyond) ?? text.length];
    mark(message, from, to).scrollIntoView({ block: "nearest" });
    say(text.slice(from, to));
    return true;
  }

  function choose(element, byKey) {
    places().forEach((one) => one.classList.toggle("is-chosen", one === element));
    if ((element ? element.id : "") !== chosen) cursor = null;
    chosen = element ? element.id : "";
    if (element) first.hidden = true;
    if (!element || !byKey) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
    say(wholly(element)?.text ?? "");
  }

  function step(by) {
    const all = places();
    choose(all[Math.min(Math.max(all.indexOf(current()) + by, 0), all.length - 1)], true);
  }

  function release() {
    if (!marked() && !cursor) return false;
    cursor = null;
    window.getSelection().removeAllRanges();
    return true;
  }

  // what was swapped keeps what is chosen and marked in it
  document.body.addEventListener("htmx:beforeSwap", () => { kept = marked(); });
  document.body.addEventListener("htmx:afterSettle", () => {
    choose(current(), false);
    const message = kept && document.getElementById(`m${kept.message}`);
    if (!message) return;
    const text = Array.from(textOf(message));
    mark(message, text.slice(0, kept.start).join("").length, text.slice(0, kept.end).join("").length);
    kept = null;
  });

  // what an act is about; where there is nothing, the page says what to do first
  function asked() {
    const found = marked() || wholly(current());
    first.hidden = Boolean(found);
    return found;
  }

  window.bihuanPlaces = { PLACES, choose, step, move, release, chosen: asked };
})();
