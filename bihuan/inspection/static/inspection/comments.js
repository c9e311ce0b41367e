/* The comment dialog: what is written is kept while it is written, so that closing it, or the page, loses nothing. */
(function () {
  "use strict";
  const dialog = document.getElementById("comment");
  const form = document.getElementById("comment-form");
  if (!form) return;
  const { send, isKept, settle, whenKept, whileTyping } = window.bihuanSaving;
  const field = (name) => form.querySelector(`[name=${name}]`);
  const words = field("words");
  let sent = "";
  let first = null; // the words of a new comment on their way: sent again they must be the same, else there would be two

  const quoted = (comment) => [...document.querySelectorAll(`.ev[data-check~="comment-${comment}"]`)].map((one) => one.textContent).join("");

  function open(span, comment, text) {
    for (const name of ["message", "event", "start", "end"]) field(name).value = span[name] ?? "";
    field("comment").value = comment;
    words.value = sent = text;
    first = null;
    form.querySelector("[data-quoted]").textContent = span.text;
    dialog.showModal();
    words.focus();
  }

  // a new comment without words is none; one that lost its words is taken away
  function keep() {
    settle(words);
    const text = words.value.trim();
    if (text === sent || !(text || field("comment").value)) return;
    sent = text;
    if (!field("comment").value) first ??= text;
    send(form);
  }

  words.addEventListener("input", (event) => { if (!event.isComposing) whileTyping(words, keep); });
  words.addEventListener("compositionend", () => whileTyping(words, keep));
  form.querySelector("[data-keeps]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", keep);
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    field("comment").value = event.detail.xhr.getResponseHeader("X-Comment") || "";
    if (first !== null) { sent = first; first = null; keep(); } // more was written meanwhile
  });
  form.addEventListener("htmx:configRequest", (event) => { if (first !== null) event.detail.parameters.words = first; });
  document.addEventListener("click", (event) => {
    const edit = event.target.closest("[data-edits]");
    if (edit) soon(() => open({ text: quoted(edit.dataset.edits) }, edit.dataset.edits, edit.dataset.words));
  });

  // the form is one: only a comment that is still being sent keeps the next one waiting
  const soon = (act) => (isKept(form) ? act() : whenKept(act));

  window.bihuanComment = () => {
    const span = window.bihuanPlaces.chosen();
    if (span && span.text) soon(() => open(span, "", ""));
  };
})();
