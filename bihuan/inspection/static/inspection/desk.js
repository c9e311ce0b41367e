/* The evaluation desk: one item open at a time, every act by key, answers saved as they are given. */
(function () {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const KEYS = { 1: "met", 2: "violated", 3: "cannot_tell", n: "not_applicable" };
  const GRAVE = ["violated", "not_applicable"];
  const { send, isKept, settle, submit, whenKept, whileTyping } = window.bihuanSaving;
  const places = window.bihuanPlaces;
  const items = () => [...desk.querySelectorAll("form[data-item]")];
  const now = () => desk.querySelector("form.is-now");
  const whole = (item) => item.dataset.answered && !item.classList.contains("wants-reason");
  let opened = "";
  let held = "";
  let dropped = null; // the evidence taken away last, until something else is: {item, evidence, tag, before}

  desk.classList.add("ins-scripted");

  function open(item, byKey) {
    items().forEach((one) => one.classList.toggle("is-now", one === item));
    opened = item ? item.dataset.item : "";
    if (!item || !byKey) return;
    item.querySelector(".ins-open").focus({ preventScroll: true }); // so that readers hear which it is
    item.scrollIntoView({ block: "nearest" });
  }

  const step = (list, current, by) => list[Math.min(Math.max(list.indexOf(current) + by, 0), list.length - 1)];
  const nextOpen = (item) => {
    const all = items();
    const at = all.indexOf(item);
    return [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => !whole(one)) || item;
  };

  // what is violated or N/A is not whole without its reason
  function answer(item, verdict) {
    item.querySelector("[name=verdict]").value = verdict;
    item.dataset.answered = verdict;
    item.querySelectorAll("[data-answer]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.answer === verdict)));
    const reason = item.querySelector("[name=reason]");
    const wants = GRAVE.includes(verdict) && !reason.value.trim();
    item.classList.toggle("wants-reason", wants);
    if (wants) reason.focus();
    else open(nextOpen(item), true);
    send(item);
  }

  // while it is written the item is not drawn anew, so leaving it sends it once more
  function keepReason(reason) {
    settle(reason);
    if (!reason.form.dataset.answered) return;
    reason.form.classList.toggle("wants-reason", GRAVE.includes(reason.form.dataset.answered) && !reason.value.trim());
    send(reason.form);
  }

  function leave(reason) {
    if (reason.value !== reason.defaultValue || reason.form.dataset.stale) keepReason(reason);
    reason.defaultValue = reason.value;
    delete reason.form.dataset.stale;
  }

  const evidenceOf = (item) => item.querySelector("[name=evidence]");
  const tagsOf = (item) => [...item.querySelectorAll("[data-span]")];
  const offerUndo = () => items().forEach((one) => { one.querySelector("[data-undoes]").hidden = dropped?.item !== one.dataset.item; });

  function keepEvidence(item, spans) {
    evidenceOf(item).value = spans;
    if (item.dataset.answered) send(item); // what is not answered yet is drawn here alone
    offerUndo();
  }

  function addEvidence(item) {
    const span = places.chosen();
    if (!item || !span || !span.text) return;
    const spans = JSON.parse(evidenceOf(item).value || "[]");
    spans.push("event" in span ? { event: span.event } : { message: span.message, start: span.start, end: span.end });
    places.release();
    const tag = document.getElementById("new-span").content.firstElementChild.cloneNode(true);
    tag.querySelector("[data-where]").textContent = "event" in span ? span.text : `#${span.message} · ${span.start}–${span.end}`;
    item.querySelector("[data-evidence]").before(tag);
    keepEvidence(item, JSON.stringify(spans));
  }

  // without a tag the one added last; nothing asks back, it can be undone
  function dropEvidence(item, tag = item && tagsOf(item).pop()) {
    if (!tag) return;
    const spans = JSON.parse(evidenceOf(item).value);
    dropped = { item: item.dataset.item, evidence: evidenceOf(item).value, tag, before: tag.nextSibling };
    spans.splice(tagsOf(item).indexOf(tag), 1);
    tag.remove();
    item.querySelector(".ins-open").focus({ preventScroll: true });
    keepEvidence(item, JSON.stringify(spans));
    document.getElementById("heard").textContent = item.querySelector("[data-undoes]").textContent;
  }

  function undoDrop() {
    const item = dropped && document.getElementById(`item-${dropped.item}`);
    if (!item) return;
    const { evidence, tag, before } = dropped;
    dropped = null;
    if (!item.dataset.answered) before.parentNode.insertBefore(tag, before);
    keepEvidence(item, evidence);
    item.querySelector(".ins-open").focus({ preventScroll: true });
  }

  // where the moment stands already, it is taken away
  function mark(moment) {
    const span = places.chosen();
    if (!span) return;
    const form = document.getElementById(moment);
    const fields = ["message", "event"].map((name) => form.querySelector(`[name=${name}]`));
    const stands = fields.every((field) => field.value === String(span[field.name] ?? ""));
    fields.forEach((field) => { field.value = stands ? "" : span[field.name] ?? ""; });
    send(form);
  }

  function walk(by) {
    const queue = [...document.querySelectorAll(".ins-queue .q")];
    const link = step(queue, queue.find((one) => one.getAttribute("aria-current")), by);
    if (link && !link.getAttribute("aria-current")) whenKept(() => link.click());
  }

  function show(name) {
    const dialog = document.getElementById(name);
    if (dialog) dialog.showModal();
  }

  const ACTS = {
    e: () => addEvidence(now()), x: () => dropEvidence(now()), u: undoDrop, c: window.bihuanComment, f: () => mark("first_response"), r: () => mark("resolution"),
    j: () => walk(1), k: () => walk(-1), b: () => show("give-back"), "?": () => show("keys"),
    ArrowDown: () => open(step(items(), now(), 1), true), ArrowUp: () => open(step(items(), now(), -1), true),
    "]": () => places.step(1), "[": () => places.step(-1), Escape: () => places.release(),
  };

  function inField(event) {
    const reason = event.target.closest("[name=reason]");
    if (!reason || !reason.form.dataset.item) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const item = reason.form;
      reason.blur();
      if (whole(item)) open(nextOpen(item), true);
    } else if (event.key === "Escape") reason.blur();
  }

  // ends the dialog that is open, and never the evaluation behind it
  function finish(dialog) {
    const button = dialog.querySelector("[data-keeps], [type=submit]");
    if (button) button.click();
  }

  function finished(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return false;
    event.preventDefault();
    const dialog = document.querySelector("dialog[open]");
    if (dialog) finish(dialog);
    else {
      const reason = document.activeElement.closest("form[data-item] [name=reason]");
      if (reason) leave(reason);
      submit();
    }
    return true;
  }

  const moves = (event) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) && !event.altKey && !event.metaKey
    && places.move(event.key, { extends: event.shiftKey, byWord: event.ctrlKey });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || finished(event)) return;
    if (event.target.closest("input, select, textarea") || document.querySelector("dialog[open]")) { inField(event); return; }
    if (moves(event)) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (KEYS[key] && now()) answer(now(), KEYS[key]);
    else if (ACTS[key]) ACTS[key]();
    else return;
    event.preventDefault();
  });

  desk.addEventListener("click", (event) => {
    const item = event.target.closest("form[data-item]");
    const place = event.target.closest(places.PLACES);
    const verdict = event.target.closest("[data-answer]");
    const moment = event.target.closest("[data-moment]");
    if (verdict) answer(item, verdict.dataset.answer);
    else if (moment) mark(moment.dataset.moment);
    else if (event.target.closest("[data-comments]")) window.bihuanComment();
    else if (event.target.closest("[data-evidence]")) addEvidence(item);
    else if (event.target.closest("[data-drops]")) dropEvidence(item, event.target.closest("[data-span]"));
    else if (event.target.closest("[data-undoes]")) undoDrop();
    else if (item) open(item);
    if (place) places.choose(place);
  });
  desk.addEventListener("mousedown", (event) => { // pressing a button leaves what is marked as it is
    if (event.target.closest("[data-evidence], [data-moment], [data-comments]")) event.preventDefault();
  });
  const reasonOf = (event) => event.target.closest("form[data-item] [name=reason]");
  const typed = (event) => { const reason = reasonOf(event); if (reason && !event.isComposing) whileTyping(reason, () => keepReason(reason)); };
  desk.addEventListener("input", typed);
  desk.addEventListener("compositionend", typed);
  desk.addEventListener("focusin", (event) => {
    const place = event.target.closest(places.PLACES);
    if (place) places.choose(place);
  });
  desk.addEventListener("focusout", (event) => { if (reasonOf(event)) leave(reasonOf(event)); });
  document.addEventListener("desk:incomplete", () => open(nextOpen(null), true));

  // nothing is swapped away under who is writing in it, nor what has more to send
  const written = (item) => document.activeElement.closest("[name=reason]")?.form === item;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    held = document.activeElement.closest(`form[data-item], ${places.PLACES}`)?.id || "";
    const item = event.target;
    if (!item.matches("form[data-item]") || !(written(item) || item.sending > 1)) return;
    event.detail.swapOverride = "none";
    if (written(item)) item.dataset.stale = "yes";
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const item = event.target;
    if (item.matches("form[data-item]") && (written(item) || !isKept(item))) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterSettle", () => { // what was swapped knows neither the open item nor where the keys were
    open(document.getElementById(`item-${opened}`));
    offerUndo();
    const place = document.activeElement === document.body && document.getElementById(held);
    if (place) (place.querySelector(".ins-open") || place).focus({ preventScroll: true });
  });

  open(items().find((one) => !whole(one)) || items()[0]);
})();
