// Forms marked with data-keep lose nothing to a lost connection: what was filled in is kept on this device with its own
// id and time, for this person only, and sent once, in order, when the network is back. A form with data-drafts stays
// open: its script hands over each part as it is filled in (window.keep), and the next draft of a part replaces it.
"use strict";
(() => {
  const words = document.currentScript.dataset, mine = words.person;
  const KEPT = "kept:", AGAIN = 20000; // milliseconds until another try
  const drafting = document.querySelector("form[data-drafts]");
  let sending = null, leaving = false, signIn = "";

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64; bytes[8] = bytes[8] & 63 | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  // What this person has kept, the earliest first; another's is neither seen nor sent.
  function kept() {
    return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).map((key) => JSON.parse(localStorage.getItem(key)))
      .filter((item) => item.by === mine).sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0);
  }

  // A draft has the name of its part, so that the next one is written over it in one go.
  const name = (item) => KEPT + (item.draft ? `${item.by} ${item.action} ${item.keep}` : item.event);
  const stored = (item) => JSON.parse(localStorage.getItem(name(item)));

  function remember(item) {
    localStorage.setItem(name(item), JSON.stringify(item));
    document.cookie = "keeps_answers=1; path=/; SameSite=Lax; max-age=2592000"; // every page then sends what is kept
  }

  function forget(item) {
    localStorage.removeItem(name(item));
    if (!Object.keys(localStorage).some((key) => key.startsWith(KEPT))) document.cookie = "keeps_answers=; path=/; max-age=0";
  }

  const drafts = (action) => kept().filter((item) => item.draft && !item.refused && item.action === action);

  // Throws where the device has no room.
  function draft({ keep, action, label, body }) {
    const item = { event: newId(), keep, action, by: mine, at: new Date().toISOString(), label, body, draft: true };
    const before = stored(item);
    if (before && !before.refused && JSON.stringify(before.body) === JSON.stringify(body)) return;
    try { remember(item); } catch (error) { forget(item); throw error; }
  }

  async function post(item) {
    if (navigator.onLine === false) throw new Error("no network");
    const body = item.body instanceof FormData ? item.body : new URLSearchParams(item.body);
    body.set("event", item.event); body.set("at", item.at); body.set("sent_at", new Date().toISOString()); body.set("by", item.by);
    body.set("csrfmiddlewaretoken", cookie("csrftoken"));
    const answer = await fetch(item.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.redirected) return { signIn: answer.url };
    if (answer.ok) return { to: (await answer.json()).to };
    if (answer.status === 410) return { isOver: true, refused: (await answer.json()).reason };
    if ([400, 404, 413].includes(answer.status)) return { refused: words.refused };
    throw new Error(answer.status); // not now: the next try
  }

  function note(form, text, isBad) {
    let place = form.querySelector("[data-kept-note]");
    if (!place) {
      place = document.createElement("p");
      place.dataset.keptNote = ""; place.setAttribute("role", "status");
      form.append(place);
    }
    place.className = isBad ? "note bad" : "note";
    place.textContent = text;
  }

  const formOf = (item) => [...document.querySelectorAll("form[data-keep]")].find((form) => form.dataset.keep === item.keep && form.action === item.action);

  function lock(form, isLocked) {
    for (const part of form.querySelectorAll("fieldset, button")) part.disabled = isLocked;
  }

  // How things stand, on the form itself and once for the page.
  function show() {
    const items = kept(), refused = new Map();
    for (const item of items) {
      if (item.refused) refused.set(item.refused, [...(refused.get(item.refused) ?? []), item]);
      const form = formOf(item);
      if (!form) continue;
      lock(form, true);
      note(form, item.refused || words.kept, Boolean(item.refused));
    }
    document.dispatchEvent(new CustomEvent("kept", { detail: { signIn: Boolean(signIn) } }));
    const bar = document.getElementById("kept");
    if (!bar) return;
    const waiting = items.filter((item) => !item.refused && (signIn || !(item.draft && drafting))).length;
    bar.hidden = !waiting && !refused.size;
    bar.replaceChildren();
    if (waiting) {
      bar.append((signIn ? words.signIn : words.waiting).replace("{n}", waiting));
      if (signIn) {
        const link = document.createElement("a");
        link.href = signIn; link.textContent = words.signInLink;
        bar.append(" ", link);
      }
    }
    for (const [why, those] of refused) {
      const line = document.createElement("p"), button = document.createElement("button");
      line.textContent = `${why} ${those.map((item) => item.label).join("; ")} `;
      button.className = "button quiet"; button.type = "button"; button.textContent = words.forget;
      button.addEventListener("click", () => { those.forEach(forget); location.reload(); });
      line.append(button); bar.append(line);
    }
  }

  function open(to) {
    const url = new URL(to, location.href), isHere = url.pathname === location.pathname && url.search === location.search;
    leaving = true;
    location.assign(url);
    if (isHere) location.reload(); // only the part behind # changed
  }

  async function deliver() {
    const tried = new Set();
    let item, isOver = false;
    while ((item = kept().find((each) => !each.refused && !tried.has(each.event)))) {
      tried.add(item.event);
      let said;
      try { said = await post(item); } catch { break; } // no network after all: the next try
      if (said.signIn) { signIn = said.signIn; return; }
      signIn = "";
      const form = formOf(item);
      if (stored(item)?.event !== item.event) continue; // a later draft stands in its place
      if (said.refused) remember({ ...item, refused: said.refused });
      else forget(item);
      isOver = isOver || said.isOver && item.draft && drafting?.action === item.action;
      if (said.to && form && !kept().some((each) => !each.refused)) open(said.to);
    }
    if (isOver) { leaving = true; location.replace(drafting.action); } // its result, from the top
  }

  function send() {
    if (!kept().some((item) => !item.refused)) { show(); return Promise.resolve(); }
    sending = sending || deliver().finally(() => { sending = null; if (!leaving) show(); });
    return sending;
  }

  async function submit(form, submitter) {
    const data = new FormData(form);
    if (submitter && submitter.name) data.set(submitter.name, submitter.value);
    const files = [...data.values()].filter((value) => value instanceof File);
    const item = {
      event: data.get("event") || newId(), keep: form.dataset.keep, action: form.action, by: mine, at: new Date().toISOString(),
      label: form.dataset.keepLabel || "", body: files.length ? data : [...data].filter(([name]) => name !== "csrfmiddlewaretoken"),
    };
    lock(form, true);
    await send(); // what was kept before goes first
    try {
      if (!files.length && kept().some((each) => !each.refused)) throw new Error("waits behind what is kept");
      const said = await post(item);
      if (said.to) return open(said.to);
      lock(form, false);
      if (said.signIn) {
        if (!files.length) { signIn = said.signIn; remember(item); show(); } else note(form, words.signInFile, true);
      } else note(form, said.refused || words.refused, true);
    } catch {
      if (files.length) { lock(form, false); return note(form, words.file, true); }
      try { remember(item); show(); } catch { lock(form, false); note(form, words.full, true); } // no room on the device
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep]")) {
      event.preventDefault();
      submit(form, event.submitter);
    } else if (new URL(form.action).pathname.endsWith("/logout/") && kept().length && !form.dataset.sure) {
      // Who signs out leaves nothing here: what waits is sent first; what cannot be sent is thrown away by a second press.
      event.preventDefault(); event.stopImmediatePropagation();
      send().finally(() => {
        form.dataset.sure = "1";
        if (!kept().some((item) => !item.refused)) { kept().forEach(forget); return form.requestSubmit(); }
        const bar = document.getElementById("kept");
        if (bar) { bar.hidden = false; bar.textContent = words.leave.replace("{n}", kept().length); bar.scrollIntoView(); }
      });
    } else if (form.dataset.sure) kept().forEach(forget);
  }, true);

  window.keep = { draft, drafts, send };
  show();
  addEventListener("DOMContentLoaded", send); // scripts with drafts have shown them by then
  addEventListener("online", send);
  addEventListener("storage", show);
  addEventListener("pageshow", (event) => { if (event.persisted) { show(); send(); } });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(send, AGAIN);
})();
