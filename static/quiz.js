// An attempt at a quiz: each answer is kept on the site as it is given, and on this device while there is no network;
// the time left is shown, and when it is over what was kept is handed in. Without this script the buttons do.
"use strict";
(() => {
  const over = document.querySelector("[data-quiz-over]"), form = document.getElementById("quiz");
  const names = (start) => {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(start)); } catch { return []; } // none here
  };
  if (over) names(`quiz:${over.dataset.quizOver}:`).forEach((name) => localStorage.removeItem(name));
  if (!form) return;
  const words = form.dataset, KEPT = `quiz:${words.event}:`, AGAIN = 10_000; // milliseconds until another try
  const note = document.getElementById("keeping");
  let sending = false, timer;

  const key = (card) => card.querySelector("[name=has]").value;
  const fieldsOf = (card) => new URLSearchParams([...card.querySelectorAll("input, select, textarea")]
    .filter((field) => field.name && (!["radio", "checkbox"].includes(field.type) || field.checked))
    .map((field) => [field.name, field.value])).toString();
  const kept = () => names(KEPT);

  function say(text, good) {
    note.hidden = !text;
    note.classList.toggle("good", good);
    if (note.textContent !== text) note.textContent = text;
  }

  // What this device could not send yet stands over what the page was made with.
  function restore() {
    for (const name of kept()) {
      const card = [...form.querySelectorAll("[data-question]")].find((each) => KEPT + key(each) === name);
      if (!card) { localStorage.removeItem(name); continue; }
      const said = new URLSearchParams(localStorage.getItem(name));
      for (const field of card.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = said.getAll(field.name).includes(field.value);
        else field.value = said.get(field.name) ?? "";
      }
    }
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    let failed = "";
    for (const name of kept()) {
      const said = localStorage.getItem(name), body = new URLSearchParams(said);
      body.append("do", "draft");
      body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      try {
        const answer = await fetch(location.pathname, { method: "POST", body, credentials: "same-origin" });
        if (answer.status === 409) { forget(); location.replace(location.pathname); return; }
        if (answer.redirected || answer.status === 403) { failed = words.signIn; break; }
        if (answer.status === 400) localStorage.removeItem(name);
        if (!answer.ok) { failed = answer.status === 400 ? "" : words.waiting; continue; }
        if (localStorage.getItem(name) === said) localStorage.removeItem(name);
      } catch {
        failed = words.waiting;
        break;
      }
    }
    sending = false;
    if (failed) { say(failed, false); timer = setTimeout(send, AGAIN); }
    else if (kept().length) send();
    else say(words.saved, true);
  }

  function forget() {
    for (const name of kept()) localStorage.removeItem(name);
  }

  function changed(event) {
    const card = event.target.closest("[data-question]");
    if (!card) return;
    try { localStorage.setItem(KEPT + key(card), fieldsOf(card)); } catch { return; } // no room: the buttons keep
    clearTimeout(timer);
    timer = setTimeout(send, event.type === "input" ? 1500 : 0);
  }

  restore();
  if (kept().length) send();
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => { if (event.target.matches("[type=text], textarea")) changed(event); });
  window.addEventListener("online", send);
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); say(words.offline, false); note.scrollIntoView({ block: "center" }); }
    else clearTimeout(timer); // the form holds everything; what is kept here goes when the site has answered
  });
  window.addEventListener("pageshow", () => { if (navigator.onLine && kept().length) send(); });

  const box = document.getElementById("time-left");
  if (box) count(Number(box.dataset.seconds));

  function count(seconds) {
    const ends = performance.now() + seconds * 1000, clock = document.getElementById("clock");
    const aloud = document.getElementById("clock-said"), at = [600, 300, 120, 60, 30];
    clock.hidden = false;
    let before = Infinity;
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
      if (navigator.onLine) form.submit();
    };
    show();
  }
})();
