// Keeps on the site how far the reader came, and reads the lesson aloud where the device has a voice for its language.
"use strict";
(() => {
  const SETTLED = 4000; // milliseconds of rest until a place is worth keeping
  const address = document.currentScript.dataset.place;
  const parts = [...document.querySelectorAll("#blocks > [id]")];
  let kept = "", timer = 0;

  function here() {
    const read = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 2);
    return read.length ? read[read.length - 1].id : "";
  }

  function keep() {
    clearTimeout(timer);
    timer = 0;
    const block = here();
    if (!block || block === kept) return;
    kept = block;
    const form = new FormData();
    form.set("block", block);
    form.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    if (!navigator.sendBeacon || !navigator.sendBeacon(address, form)) {
      fetch(address, { method: "POST", body: form, keepalive: true }).catch(() => { kept = ""; });
    }
  }

  addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(keep, SETTLED); }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(); });
  addEventListener("pagehide", () => { if (timer) keep(); });

  const box = document.getElementById("listen"), speech = window.speechSynthesis;
  if (!box || !speech) return;
  const play = box.querySelector("[data-do=play]"), stop = box.querySelector("[data-do=stop]"), first = play.textContent;
  let queue = [], state = "idle";

  const tongue = (element) => element.closest("[lang]").lang.toLowerCase().split("-")[0];
  const voiceFor = (language) => speech.getVoices().find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);

  // Sentence by sentence, since some voices give up in the middle of a long text.
  function pieces() {
    const found = [];
    for (const part of parts.filter((each) => each.matches(".block"))) {
      const lines = [...part.querySelectorAll("h2, h3, p, li, td, th, figcaption, summary")].filter((line) => !line.querySelector("p, li"));
      for (const line of lines.length ? lines : [part]) {
        const voice = voiceFor(tongue(line));
        for (const text of line.textContent.trim().match(/[^.!?…:;]+[.!?…:;]*/g) || []) {
          if (voice && text.trim()) found.push({ part, voice, text: text.trim() });
        }
      }
    }
    return found;
  }

  function show(part) {
    for (const each of parts) each.classList.toggle("speaking", each === part);
    if (part) part.scrollIntoView({ block: "nearest" });
    play.textContent = state === "idle" ? first : state === "paused" ? play.dataset.resume : play.dataset.pause;
    stop.hidden = state === "idle";
  }

  function next() {
    if (state !== "speaking") return;
    const piece = queue[0];
    if (!piece) return end();
    const words = new SpeechSynthesisUtterance(piece.text);
    words.voice = piece.voice;
    words.lang = piece.voice.lang;
    words.onend = words.onerror = () => { if (state === "speaking" && queue[0] === piece) { queue.shift(); next(); } };
    show(piece.part);
    speech.speak(words);
  }

  function end() {
    state = "idle";
    queue = [];
    speech.cancel();
    show(null);
  }

  // Pausing ends the sentence, which begins anew: pause() of some phones never comes back.
  play.addEventListener("click", () => {
    if (state === "speaking") {
      state = "paused";
      speech.cancel();
      return show(queue[0] && queue[0].part);
    }
    if (state === "idle") queue = pieces();
    state = "speaking";
    next();
  });
  stop.addEventListener("click", () => { end(); play.focus(); });
  addEventListener("pagehide", end);

  const offer = () => { box.hidden = !pieces().length; };
  speech.addEventListener("voiceschanged", offer);
  offer();
})();
