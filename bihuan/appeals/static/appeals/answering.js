/* Keys 1 to 9 choose an answer of the item that has the focus and go on to its next field. */
(function () {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !/^[1-9]$/.test(event.key)) return;
    if (event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    const item = event.target.closest("fieldset.item") || document.querySelector("[data-answers] fieldset.item:not(:has(input:checked))");
    const answer = item && item.querySelectorAll(".ap-answers input")[Number(event.key) - 1];
    if (!answer) return;
    answer.checked = true;
    answer.focus();
    answer.dispatchEvent(new Event("change", { bubbles: true }));
    event.preventDefault();
  });
})();
