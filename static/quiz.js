// An attempt at a quiz: each answer is kept as it is given (keep.js); the time left is shown, and when it is over what
// was kept is handed in. Without this script the buttons do.
"use strict";
(() => {
  const form = document.getElementById("quiz"), note = document.getElementById("keeping");
  if (!form) return;
  const words = form.dataset, key = (card) => card.querySelector("[name=has]").value;
  let waited = false, isOver = false, timer;

  const fieldsOf = (card) => [...card.querySelectorAll("input, select, textarea")]
    .filter((field) => field.name && (!["radio", "checkbox"].includes(field.type) || field.checked))
    .map((field) => [field.name, field.value]);

  // From now on this page says what the answer is, whatever another device has saved.
  const touch = (card) => card.querySelector("[data-was]")?.remove();

  function say(text, good) {
    note.hidden = !text;
    note.classList.toggle("good", good);
    if (note.textContent !== text) note.textContent = text;
  }

  // What this device could not send yet stands over what the page was made with.
  function restore() {
    for (const item of keep.drafts(form.action)) {
      const card = [...form.querySelectorAll("[data-question]")].find((each) => key(each) === item.keep);
      if (!card) continue;
      touch(card);
      const said = new URLSearchParams(item.body);
      for (const field of card.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = said.getAll(field.name).includes(field.value);
        else field.value = said.get(field.name) ?? "";
      }
    }
  }

  function tell(signIn) {
    if (isOver) return;
    const waits = keep.drafts(form.action).length > 0;
    if (waits) say(signIn ? words.signIn : words.waiting, false);
    else if (waited) say(words.saved, true);
    waited = waits;
  }

  function changed(event) {
    const card = event.target.closest("[data-question]");
    if (!card) return;
    touch(card);
    const body = [...fieldsOf(card), ["do", "draft"]];
    try {
      keep.draft({ keep: key(card), action: form.action, label: card.getAttribute("aria-label"), body });
    } catch { return; } // no room on the device: the buttons keep
    waited = true;
    clearTimeout(timer);
    timer = setTimeout(keep.send, event.type === "input" ? 1500 : 0);
  }

  restore();
  waited = keep.drafts(form.action).length > 0;
  document.addEventListener("kept", (event) => tell(event.detail.signIn));
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => { if (event.target.matches("[type=text], textarea")) changed(event); });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); say(words.offline, false); note.scrollIntoView({ block: "center" }); }
    else clearTimeout(timer); // the form holds everything
  });

  const box = document.getElementById("time-left");
  if (box) count(Number(box.dataset.seconds));

  function count(seconds) {
    let ends = performance.now() + seconds * 1000;
    const clock = document.getElementById("clock");
    const aloud = document.getElementById("clock-said"), at = [600, 300, 120, 60, 30];
    clock.hidden = false;
    let before = Infinity;
    // The clock may stand still while a phone sleeps, and the phone's own may be set: the server knows.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || isOver) return;
      fetch(form.action, { cache: "no-store" }).then((answer) => answer.text()).then((page) => {
        const told = new DOMParser().parseFromString(page, "text/html").getElementById("time-left");
        if (told) ends = performance.now() + Number(told.dataset.seconds) * 1000;
      }, () => {});
    });
    const show = () => {
      const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      const step = left > 60 ? Math.ceil(left / 60) : Math.ceil(left / 10) * 10;
      const text = (left > 60 ? words.minutes : words.seconds).replace("{n}", step);
      if (clock.textContent !== text) clock.textContent = text;
      if (at.some((each) => before > each && left <= each) && before !== Infinity) aloud.textContent = text;
      before = left;
      box.classList.toggle("bad", left <= 60);
      if (left > 0) { setTimeout(show, 1000); return; }
      const sure = document.createElement("input"), hand = document.createElement("input");
      sure.type = hand.type = "hidden";
      [sure.name, sure.value, hand.name, hand.value] = ["sure", "1", "do", "hand-in"];
      form.append(sure, hand);
      isOver = true;
      for (const card of form.querySelectorAll("[data-question]")) card.inert = true;
      handIn();
    };
    show();
  }

  // The time is over without a network too: what was sent in time is handed in as soon as there is one.
  function handIn() {
    fetch(form.action, { cache: "no-store" }).then(() => form.submit(), () => {
      say(words.over, false);
      setTimeout(handIn, 5000);
    });
  }
})();
