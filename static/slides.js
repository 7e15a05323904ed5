// Slides one at a time. Without this script all pages stand in a list.
"use strict";
for (const slides of document.querySelectorAll(".slides")) {
  const pages = [...slides.querySelectorAll("li")];
  const turn = slides.querySelector(".turn");
  if (!turn || pages.length < 2) continue;
  const [back, on] = turn.querySelectorAll("button");
  const status = turn.querySelector("[data-of]");
  let shown = 0;

  function show(number) {
    shown = number;
    pages.forEach((page, place) => { page.hidden = place !== shown; });
    for (const near of [shown, shown + 1]) pages[near]?.querySelector("img").setAttribute("loading", "eager");
    back.disabled = shown === 0;
    on.disabled = shown === pages.length - 1;
    status.textContent = status.dataset.of.replace("%n", shown + 1);
  }
  function move(step) {
    if (shown + step in pages) show(shown + step);
  }

  turn.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) move(Number(button.dataset.turn));
  });
  slides.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") move(1);
    else if (event.key === "ArrowLeft") move(-1);
  });
  turn.hidden = false;
  show(0);
}
