// The length of a recording or a film is read from the file that a trainer chooses.
"use strict";
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !/(^|-)file$/.test(input.name)) return;
  const duration = input.form?.elements.namedItem(input.name.replace(/file$/, "duration"));
  if (!duration || !input.files.length) return;
  const player = document.createElement("video");
  const url = URL.createObjectURL(input.files[0]);
  player.preload = "metadata";
  player.addEventListener("loadedmetadata", () => {
    if (Number.isFinite(player.duration)) duration.value = Math.round(player.duration * 1000) / 1000;
    URL.revokeObjectURL(url);
  });
  player.src = url;
});
