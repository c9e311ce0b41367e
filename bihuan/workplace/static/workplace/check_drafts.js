/* Writing a check: line numbers with faults marked, Ctrl+Enter runs, a new line keeps its indentation, a fault leads to its line. */
(function () {
  "use strict";
  const form = document.querySelector("[data-draft]");
  if (!form) return;
  const editor = form.querySelector("[data-editor]");
  const gutter = form.querySelector("[data-lines]");

  function draw() {
    const bad = new Set([...document.querySelectorAll("#faults [data-line]")].map((one) => Number(one.dataset.line)));
    const lines = editor.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: lines }, (_, place) => {
      const line = document.createElement("span");
      line.textContent = String(place + 1);
      line.classList.toggle("is-bad", bad.has(place + 1));
      return line;
    }));
    gutter.scrollTop = editor.scrollTop;
  }

  function go(number) {
    const lines = editor.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(start, start + lines[number - 1].length);
    editor.scrollTop = Math.max(0, (number - 6) * 20);
  }

  editor.addEventListener("input", draw);
  editor.addEventListener("scroll", () => { gutter.scrollTop = editor.scrollTop; });
  document.addEventListener("htmx:afterSettle", draw);

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target === editor && !event.shiftKey && !event.altKey) {
      const indent = editor.value.slice(0, editor.selectionStart).split("\n").pop().match(/^ */)[0];
      if (!indent) return;
      event.preventDefault();
      document.execCommand("insertText", false, `\n${indent}`); // unlike setting the value it can be undone
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goes]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.goes));
  });

  // what a run brought stands below the text: bring it into sight, for readers too
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig && event.detail.requestConfig.elt === form) {
      const trial = document.getElementById("trial");
      trial.focus({ preventScroll: true });
      trial.scrollIntoView({ block: "start", behavior: "auto" });
    }
  });
  draw();
})();
