/* Sends what the desk keeps, one after the other, and again where it did not arrive; counts the time worked; submits once
   everything is kept. Every form says what is to be in the end, so that sending it twice does nothing more. */
(function () {
  "use strict";
  const PAUSE = 600; // milliseconds without a key after which what is being written is sent
  const FIRST_WAIT = 1000; // milliseconds until what did not arrive is sent again, twice as many after every failure
  const LONGEST_WAIT = 30000;
  const PATIENCE = 20000; // milliseconds after which nobody waits for the server's answer any more
  const submission = document.getElementById("submission");
  const button = submission.querySelector("[data-submits]");
  const buttons = [button, ...document.querySelectorAll('[form="submission"]')]; // on a phone one stands at the end as well
  const allow = (is) => buttons.forEach((one) => { one.disabled = !is; });
  const state = () => document.getElementById("saved");
  const unsaved = new Set(); // forms that did not arrive as they are now
  const isKept = (form) => !form.sending && !unsaved.has(form);
  let under = 0;
  let waiting = [];
  let wait = FIRST_WAIT;
  let timer = 0;
  let since = Date.now();
  let worked = 0;
  let signedOut = false;

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

  function sendAgain() {
    clearTimeout(timer);
    if (!under) unsaved.forEach(send);
  }

  function whenKept(act) {
    if (under || unsaved.size) waiting.push(act);
    else act();
  }

  const behind = () => state().classList.add("is-behind");
  const tell = () => {
    state().classList.toggle("is-retrying", unsaved.size > 0);
    state().classList.toggle("is-signed-out", unsaved.size > 0 && signedOut);
  };

  // what is typed in a field is sent at the first pause; an unfinished syllable of an input method is none of it
  function whileTyping(field, keep) {
    clearTimeout(field.pausing);
    behind();
    field.pausing = setTimeout(keep, PAUSE);
  }
  const settle = (field) => clearTimeout(field.pausing);

  // whoever was signed out meanwhile is answered with the page to sign in, which is no answer of the desk's
  const isFromElsewhere = ({ pathInfo }) => pathInfo.responsePath !== pathInfo.finalRequestPath;
  const isAnswered = (detail) => detail.successful && !isFromElsewhere(detail);

  // a refusal leads the whole page back to what is true now: nothing of it is sent again
  function arrived(form, detail) {
    const told = isAnswered(detail);
    if (told || detail.xhr.getResponseHeader("HX-Redirect")) unsaved.delete(form);
    else if (form.matches("form")) unsaved.add(form);
    signedOut = detail.successful === true && !told && unsaved.has(form); // where nobody answered nothing is said of success
    if (told) wait = FIRST_WAIT;
    else behind();
  }

  function goOn() {
    if (unsaved.size) {
      timer = setTimeout(sendAgain, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      return;
    }
    const acts = waiting;
    waiting = [];
    acts.forEach((act) => act());
  }

  document.body.addEventListener("htmx:configRequest", (event) => { event.detail.parameters.seconds = seconds(); event.detail.timeout = PATIENCE; });
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches("button")) under += 1; });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    under = Math.max(under - 1, 0);
    const form = event.detail.requestConfig.elt;
    if (form.sending) form.sending -= 1;
    arrived(form, event.detail);
    tell();
    submission.querySelector("[name=revision]").value = state().dataset.revision;
    allow(under === 0 && !unsaved.size && state().dataset.open === "0");
    if (!under) goOn();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => { if (!event.detail.isError && isFromElsewhere(event.detail)) event.detail.shouldSwap = false; });
  document.body.addEventListener("htmx:afterSettle", tell); // the state was drawn anew
  for (const failure of ["htmx:sendError", "htmx:responseError"]) { // the state says it; no notice for every try
    document.body.addEventListener(failure, (event) => { if (event.target.matches("form")) event.stopPropagation(); });
  }
  window.addEventListener("online", sendAgain);
  window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
  submission.addEventListener("submit", (event) => {
    if (!button.disabled) {
      submission.querySelector("[name=seconds]").value = seconds();
      return;
    }
    event.preventDefault();
    if (under || unsaved.size) whenKept(() => submission.requestSubmit());
    else document.dispatchEvent(new Event("desk:incomplete"));
  });

  window.bihuanSaving = { send, isKept, whenKept, whileTyping, settle, submit: () => submission.requestSubmit() };
})();
