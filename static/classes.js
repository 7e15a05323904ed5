// Attendance on a phone that may have no signal: each mark is kept here with its own id and time, then sent once.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const MARK = "mark:", REFUSED = "refused:", MOST = 200, AGAIN = 30000; // milliseconds until another try
  const form = document.getElementById("roll");
  let sending = false, signedOut = false;

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(words.worker).then(() => navigator.serviceWorker.ready).then((registration) => {
      const lists = [...document.querySelectorAll("[data-keep]")].map((item) => item.dataset.keep);
      registration.active.postMessage({ keep: [...new Set([location.href, ...lists])] });
    }).catch(() => {});
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64; bytes[8] = bytes[8] & 63 | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function stored(prefix) {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
      .map((key) => JSON.parse(localStorage.getItem(key))).filter((mark) => mark.by === words.person)
      .sort((one, other) => one.at < other.at ? -1 : 1);
  }

  function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  function show() {
    const note = document.getElementById("unsent"), waiting = stored(MARK).length;
    if (note) {
      note.hidden = !waiting && !note.dataset.was;
      note.classList.toggle("good", !waiting);
      note.textContent = (waiting ? signedOut ? words.signIn : words.waiting : words.none).replace("{n}", waiting);
      note.dataset.was = waiting || note.dataset.was || "";
      if (waiting && signedOut) {
        const link = document.createElement("a");
        link.href = signedOut + "?next=" + encodeURIComponent(location.pathname + location.search);
        link.textContent = words.signInLink;
        note.append(" ", link);
      }
    }
    const list = document.getElementById("refused"), refused = stored(REFUSED);
    if (list) {
      list.hidden = !refused.length;
      list.replaceChildren(...refused.map((mark) => {
        const item = document.createElement("li"), button = document.createElement("button");
        item.textContent = `${words.refused}: ${nameOf(mark.learner)} ${mark.reason} `;
        button.className = "button quiet"; button.textContent = words.forget;
        button.addEventListener("click", () => { localStorage.removeItem(REFUSED + mark.event); show(); });
        item.append(button);
        return item;
      }));
    }
  }

  function nameOf(learner) {
    const box = form && form.querySelector(`[data-learner="${learner}"] legend`);
    return box ? box.textContent + "." : "";
  }

  // What is kept here and not sent yet stands over what the page was made with.
  function restore() {
    for (const mark of stored(MARK)) {
      const box = form && mark.session === form.dataset.session && form.querySelector(`[data-learner="${mark.learner}"]`);
      if (!box) continue;
      const choice = box.querySelector(`input[value="${mark.state}"][type=radio]`);
      if (choice) choice.checked = true;
      box.querySelector("input[type=text]").value = mark.note;
    }
  }

  function say(box) {
    const choice = box.querySelector("input[type=radio]:checked");
    if (!choice) return;
    const mark = {
      event: newId(), session: form.dataset.session, learner: box.dataset.learner, state: choice.value,
      note: box.querySelector("input[type=text]").value, at: new Date().toISOString(), by: words.person,
    };
    localStorage.setItem(MARK + mark.event, JSON.stringify(mark));
    show();
  }

  async function send() {
    const waiting = stored(MARK).slice(0, MOST);
    if (sending || !waiting.length || navigator.onLine === false) return show();
    sending = true;
    try {
      const answer = await fetch(words.marks, {
        method: "POST", credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
        body: JSON.stringify({ sent_at: new Date().toISOString(), marks: waiting }),
      });
      if (answer.status === 401) {
        signedOut = (await answer.json()).sign_in;
      } else if (answer.ok) {
        signedOut = false;
        for (const said of (await answer.json()).answers) settle(waiting.find((mark) => mark.event === said.event), said);
        await fetch(location.href).catch(() => null); // so that the page kept here shows what was sent
      }
    } catch {
      // no network after all: what is kept here stays, and is sent at the next try
    } finally {
      sending = false;
      show();
    }
  }

  function settle(mark, said) {
    if (!mark) return;
    if (said.result === "refused") localStorage.setItem(REFUSED + mark.event, JSON.stringify({ ...mark, reason: said.reason }));
    localStorage.removeItem(MARK + mark.event);
  }

  if (form) {
    form.addEventListener("change", (event) => {
      const box = event.target.closest("[data-learner]");
      if (box) { say(box); send(); }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter && event.submitter.id === "everybody") {
        for (const box of form.querySelectorAll("[data-learner]")) {
          if (box.querySelector("input[type=radio]:checked")) continue;
          box.querySelector("input[value=present]").checked = true;
          say(box);
        }
      }
      send();
    });
    const save = document.getElementById("save");
    if (save) save.hidden = true; // every tap is kept at once
    const today = new Date(), day = form.dataset.day.split("-").map(Number);
    if (new Date(day[0], day[1] - 1, day[2]) <= today) {
      for (const part of form.querySelectorAll("[disabled]")) part.disabled = false; // the day has come since the page was made
    }
  }
  restore();
  show();
  send();
  addEventListener("online", send);
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(send, AGAIN);
})();
