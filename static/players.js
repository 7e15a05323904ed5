// What happens with recordings and films, in the words of the ADL xAPI video profile; lesson.js sends it.
"use strict";
for (const player of document.querySelectorAll("[data-media]")) {
  const WHOLE = 0.95;
  const { session } = document.querySelector("article[data-session]").dataset;
  const segments = [];
  let from = null, last = 0, told = false;
  const length = () => Number.isFinite(player.duration) ? player.duration : Number(player.dataset.length);
  const round = (seconds) => Math.round(seconds * 1000) / 1000;

  function close(to) {
    if (from !== null && to > from) segments.push([round(from), round(to)]);
    from = null;
    if (segments.length > 150) segments.splice(0, segments.length, ...joined());
  }
  function joined() {
    const found = [];
    for (const [start, end] of [...segments].sort((a, b) => a[0] - b[0])) {
      const before = found[found.length - 1];
      if (before && start <= before[1]) before[1] = Math.max(before[1], end);
      else found.push([start, end]);
    }
    return found;
  }
  function tell(verb, more) {
    if (!(length() > 0)) return;
    const detail = { verb, media: player.dataset.media, session, length: round(length()), ...more };
    document.dispatchEvent(new CustomEvent("learned", { detail }));
  }
  function played() {
    return { time: round(player.currentTime), segments: joined() };
  }
  function whole() {
    const seconds = joined().reduce((sum, [start, end]) => sum + end - start, 0);
    if (told || seconds < WHOLE * length()) return;
    told = true;
    tell("completed", played());
  }

  player.addEventListener("play", () => {
    from = last = player.currentTime;
    const start = { time: round(from) };
    if (length() > 0) tell("played", start);
    else player.addEventListener("loadedmetadata", () => tell("played", start), { once: true });
  });
  player.addEventListener("timeupdate", () => { if (!player.seeking) last = player.currentTime; });
  player.addEventListener("pause", () => {
    if (player.seeking) return;
    close(player.currentTime);
    tell("paused", played());
    whole();
  });
  player.addEventListener("seeking", () => {
    if (from !== null) close(last);
  });
  player.addEventListener("seeked", () => {
    tell("seeked", { from: round(last), to: round(player.currentTime) });
    last = player.currentTime;
    if (!player.paused) from = last;
  });
  player.addEventListener("ended", () => {
    close(player.currentTime);
    whole();
  });
  window.addEventListener("pagehide", () => {
    if (player.paused) return;
    close(player.currentTime);
    tell("paused", played());
  }, true); // before lesson.js sends what is kept
}
