/* Sends what the desk keeps, one after the other; counts the time worked; submits once everything is kept. */
(function () {
  "use strict";
  const PAUSE = 600; // milliseconds without a key after which what is being written is sent
  const submission = document.getElementById("submission");
  const button = submission.querySelector("[data-submits]");
  const buttons = [button, ...document.querySelectorAll('[form="submission"]')]; // on a phone one stands at the end as well
  const allow = (is) => buttons.forEach((one) => { one.disabled = !is; });
  const state = () => document.getElementById("saved");
  let under = 0;
  let waiting = [];
  let since = Date.now();
  let worked = 0;

  // time counts only while the page is looked at
  const tick = () => { if (!document.hidden) worked += Date.now() - since; since = Date.now(); };
  document.addEventListener("visibilitychange", () => { if (document.hidden) { worked += Date.now() - since; } since = Date.now(); });
  const seconds = () => { tick(); const told = Math.round(worked / 1000); worked -= told * 1000; return told; };

  function send(form) {
    under += 1;
    form.sending = (form.sending || 0) + 1; // a form that is swapped away would take what waits behind it along
    allow(false);
    window.htmx.trigger(form, "submit");
  }

  function whenKept(act) {
    if (under) waiting.push(act);
    else act();
  }

  const behind = () => state().classList.add("is-behind");

  // what is typed in a field is sent at the first pause; an unfinished syllable of an input method is none of it
  function whileTyping(field, keep) {
    clearTimeout(field.pausing);
    behind();
    field.pausing = setTimeout(keep, PAUSE);
  }
  const settle = (field) => clearTimeout(field.pausing);

  document.body.addEventListener("htmx:configRequest", (event) => { event.detail.parameters.seconds = seconds(); });
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches("button")) under += 1; });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    under = Math.max(under - 1, 0);
    const form = event.detail.requestConfig.elt;
    if (form.sending) form.sending -= 1;
    submission.querySelector("[name=revision]").value = state().dataset.revision;
    if (!event.detail.successful) behind();
    allow(under === 0 && state().dataset.open === "0");
    if (under) return;
    const acts = waiting;
    waiting = [];
    acts.forEach((act) => act());
  });
  submission.addEventListener("submit", (event) => {
    if (!button.disabled) {
      submission.querySelector("[name=seconds]").value = seconds();
      return;
    }
    event.preventDefault();
    if (under) whenKept(() => submission.requestSubmit());
    else document.dispatchEvent(new Event("desk:incomplete"));
  });

  window.bihuanSaving = { send, whenKept, whileTyping, settle, submit: () => submission.requestSubmit() };
})();
