/* The evaluation desk: one item open at a time, every act by key, answers saved as they are given. */
(function () {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const KEYS = { 1: "met", 2: "violated", 3: "cannot_tell", n: "not_applicable" };
  const GRAVE = ["violated", "not_applicable"];
  const submission = document.getElementById("submission");
  const items = () => [...desk.querySelectorAll("form[data-item]")];
  const messages = () => [...desk.querySelectorAll("[data-message]")];
  const now = () => desk.querySelector("form.is-now");
  const whole = (item) => item.dataset.answered && !item.classList.contains("wants-reason");
  let opened = "";
  let chosen = "";
  let saving = 0;
  let waits = false;
  let since = Date.now();
  let worked = 0;

  desk.classList.add("ins-scripted");

  // time counts only while the page is looked at
  const tick = () => { if (!document.hidden) worked += Date.now() - since; since = Date.now(); };
  document.addEventListener("visibilitychange", () => { if (document.hidden) { worked += Date.now() - since; } since = Date.now(); });
  const seconds = () => { tick(); const told = Math.round(worked / 1000); worked -= told * 1000; return told; };

  function open(item, scroll) {
    items().forEach((one) => one.classList.toggle("is-now", one === item));
    opened = item ? item.dataset.item : "";
    if (item && scroll !== false) item.scrollIntoView({ block: "nearest" });
  }

  function choose(message, scroll) {
    messages().forEach((one) => one.classList.toggle("is-chosen", one === message));
    chosen = message ? message.id : "";
    if (message && scroll) message.scrollIntoView({ block: "nearest" });
  }

  const step = (list, current, by) => list[Math.min(Math.max(list.indexOf(current) + by, 0), list.length - 1)];
  const nextOpen = (item) => {
    const all = items();
    const at = all.indexOf(item);
    return [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => !whole(one)) || item;
  };

  function save(item) {
    saving += 1;
    submission.querySelector("[data-submits]").disabled = true;
    window.htmx.trigger(item, "submit");
  }

  // what is violated or N/A waits for its reason: leaving the field or Enter saves it
  function answer(item, verdict) {
    item.querySelector("[name=verdict]").value = verdict;
    item.dataset.answered = verdict;
    item.querySelectorAll("[data-answer]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.answer === verdict)));
    const reason = item.querySelector("[name=reason]");
    if (GRAVE.includes(verdict) && !reason.value.trim()) {
      item.dataset.waits = "reason";
      item.classList.add("wants-reason");
      reason.focus();
      return;
    }
    item.classList.remove("wants-reason");
    delete item.dataset.waits;
    save(item);
    open(nextOpen(item));
  }

  function leave(reason) {
    const item = reason.form;
    if (!item.dataset.answered || (!item.dataset.waits && reason.value === reason.defaultValue)) return;
    reason.defaultValue = reason.value;
    delete item.dataset.waits;
    if (reason.value.trim()) item.classList.remove("wants-reason");
    save(item);
  }

  function addEvidence(item) {
    const span = window.bihuanChosen();
    if (!item || !span) return;
    const field = item.querySelector("[name=evidence]");
    const spans = JSON.parse(field.value || "[]");
    spans.push({ message: span.message, start: span.start, end: span.end });
    field.value = JSON.stringify(spans);
    window.getSelection().removeAllRanges();
    if (item.dataset.answered) save(item);
    else {
      const tag = document.createElement("span");
      tag.className = "bh-tag is-accent";
      tag.textContent = `#${span.message} · ${span.start}–${span.end}`;
      item.querySelector("[data-spans]").prepend(tag);
    }
  }

  function mark(moment) {
    const span = window.bihuanChosen();
    if (!span) return;
    const form = document.getElementById("moment");
    form.querySelector("[name=moment]").value = moment;
    form.querySelector("[name=message]").value = span.message;
    saving += 1;
    window.htmx.trigger(form, "submit");
  }

  function comment() {
    const span = window.bihuanChosen();
    if (!span) return;
    const form = document.getElementById("comment-form");
    for (const name of ["message", "start", "end"]) form.querySelector(`[name=${name}]`).value = span[name];
    form.querySelector("[data-quoted]").textContent = span.text;
    document.getElementById("comment").showModal();
    form.querySelector("textarea").focus();
  }

  function walk(by) {
    const queue = [...document.querySelectorAll(".ins-queue .q")];
    const link = step(queue, queue.find((one) => one.getAttribute("aria-current")), by);
    if (link && !link.getAttribute("aria-current")) link.click();
  }

  const ACTS = {
    e: () => addEvidence(now()), c: comment, f: () => mark("first_response"), r: () => mark("resolution"),
    j: () => walk(1), k: () => walk(-1), "?": () => document.getElementById("keys").showModal(),
    ArrowDown: () => open(step(items(), now(), 1)), ArrowUp: () => open(step(items(), now(), -1)),
    "]": () => choose(step(messages(), document.getElementById(chosen), 1), true),
    "[": () => choose(step(messages(), document.getElementById(chosen), -1), true),
  };

  function inField(event) {
    const reason = event.target.closest("[name=reason]");
    if (!reason) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const item = reason.form;
      leave(reason);
      reason.blur();
      if (whole(item)) open(nextOpen(item));
    } else if (event.key === "Escape") reason.blur();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      const reason = document.activeElement.closest("[name=reason]");
      if (reason) leave(reason);
      submission.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog[open]")) { inField(event); return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (KEYS[key] && now()) answer(now(), KEYS[key]);
    else if (ACTS[key]) ACTS[key]();
    else return;
    event.preventDefault();
  });

  desk.addEventListener("click", (event) => {
    const item = event.target.closest("form[data-item]");
    const message = event.target.closest("[data-message]");
    const verdict = event.target.closest("[data-answer]");
    const moment = event.target.closest("[data-moment]");
    if (verdict) answer(item, verdict.dataset.answer);
    else if (moment) mark(moment.dataset.moment);
    else if (event.target.closest("[data-comments]")) comment();
    else if (item) open(item, false);
    if (message) choose(message, false);
  });
  desk.addEventListener("focusin", (event) => {
    const message = event.target.closest("[data-message]");
    if (message) choose(message, false);
  });
  desk.addEventListener("focusout", (event) => {
    const reason = event.target.closest("[name=reason]");
    if (reason) leave(reason);
  });

  document.body.addEventListener("htmx:configRequest", (event) => { event.detail.parameters.seconds = seconds(); });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt.id === "comment-form" && event.detail.xhr.status === 200) {
      event.detail.requestConfig.elt.reset();
      document.getElementById("comment").close();
    }
  });
  document.body.addEventListener("htmx:afterSettle", () => { // what was swapped knows neither the open item nor the chosen message
    open(document.getElementById(`item-${opened}`), false);
    choose(document.getElementById(chosen), false);
  });
  document.body.addEventListener("htmx:afterRequest", () => {
    saving = Math.max(saving - 1, 0);
    const saved = document.getElementById("saved");
    submission.querySelector("[name=revision]").value = saved.dataset.revision;
    submission.querySelector("[data-submits]").disabled = saving > 0 || saved.dataset.open !== "0";
    if (saving === 0 && waits) { waits = false; submission.requestSubmit(); }
  });
  submission.addEventListener("submit", (event) => {
    if (submission.querySelector("[data-submits]").disabled) {
      event.preventDefault();
      waits = saving > 0; // once everything is saved
      if (!waits) open(nextOpen(null));
      return;
    }
    submission.querySelector("[name=seconds]").value = seconds();
  });

  open(items().find((one) => !whole(one)) || items()[0], false);
})();
