// Tells the site what happens in a lesson: how long it was read, and what players report as "learned" events.
// What cannot be sent is kept on this device and sent later. Each event has an id of its own, so that a second sending
// changes nothing; the kept ones are forgotten only when the site has answered them.
"use strict";
(() => {
  const lesson = document.querySelector("article[data-events]");
  if (!lesson) return;
  const url = lesson.dataset.events;
  const KEPT = "events:" + lesson.dataset.learner;
  const READING = "reading:" + lesson.dataset.learner;
  const MOST = 500, AT_ONCE = 100, MINUTE = 60_000;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const newId = () => crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(
    /[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  const now = () => new Date().toISOString();
  const batch = (events) => JSON.stringify({ learner: lesson.dataset.learner, sent_at: now(), events });

  function load(key, otherwise) {
    try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
  }
  function save(key, value) {
    try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); } catch {
      // a phone without room keeps nothing
    }
  }
  function keep(to, event) {
    save(KEPT, [...load(KEPT, []), { to, event }].slice(-MOST));
  }
  function forget(ids) {
    const left = load(KEPT, []).filter((each) => !ids.has(each.event.event));
    save(KEPT, left.length ? left : null);
  }
  function batches() {
    const by = new Map();
    for (const { to, event } of load(KEPT, [])) by.set(to, [...(by.get(to) ?? []), event]);
    return [...by].map(([to, events]) => [to, events.slice(0, AT_ONCE)]);
  }

  let sending = false, again = false, timer;
  async function send() {
    if (sending) { again = true; return; }
    sending = true;
    for (const [to, events] of batches()) {
      try {
        const answer = await fetch(to, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
          body: batch(events),
        });
        if (answer.redirected) continue;
        if (answer.ok) forget(new Set((await answer.json()).answers.map((each) => each.event)));
        else if ([400, 404, 413].includes(answer.status)) forget(new Set(events.map((each) => each.event)));
        else later(MINUTE);
      } catch {
        later(MINUTE); // no network
      }
    }
    sending = false;
    if (again) { again = false; send(); }
  }
  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }
  function beacon() {
    for (const [to, events] of batches()) {
      const form = new FormData();
      form.append("csrfmiddlewaretoken", token());
      form.append("batch", batch(events));
      navigator.sendBeacon(to, form);
    }
  }

  // Reading: the seconds in which the page is seen. Answering a question shows the same lesson again: it goes on.
  let reading, since, staying, left;
  function begin() {
    const before = load(READING, null);
    if (before && before.to === url) reading = before;
    else {
      if (before) end(before);
      reading = { to: url, event: newId(), seconds: 0 };
    }
    save(READING, null);
    staying = left = false;
    since = document.hidden ? null : Date.now();
  }
  function pause() {
    if (since !== null) reading.seconds += (Date.now() - since) / 1000;
    since = null;
    save(READING, { ...reading, at: now() });
  }
  function end({ to, event, seconds, at }) {
    if (seconds >= 1) keep(to, { event, at, verb: "terminated", seconds: Math.min(Math.round(seconds), 86400) });
    save(READING, null);
  }

  document.addEventListener("submit", (event) => {
    staying = event.target.action.endsWith("/answer/");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='?again=']");
    if (link) staying = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (left) return; // browsers hide a page after they have left it
    if (!document.hidden) { save(READING, null); since = Date.now(); return; }
    pause();
    beacon(); // a phone may end the page without a word
  });
  window.addEventListener("pagehide", () => {
    pause();
    left = true;
    if (!staying) end(load(READING, reading));
    beacon();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
  window.addEventListener("online", send);
  document.addEventListener("learned", (event) => {
    keep(url, { event: newId(), at: now(), ...event.detail });
    later(1000);
  });
  lesson.dataset.session = newId(); // of the players on the page
  begin();
  send();
})();
