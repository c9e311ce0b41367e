/* Dialogs: [data-opens="id"] opens that <dialog>, [data-closes] closes its own; focus returns to the opener by itself.
   One that comes open in the page (its form was answered with an error) becomes modal. */
(function () {
  "use strict";
  document.querySelectorAll("dialog.dialog[open]").forEach((dialog) => {
    dialog.close();
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog && !dialog.open) dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    else if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
  });
})();
