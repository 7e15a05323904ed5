// The QR that changes, without loading the whole page again.
"use strict";
(() => {
  const wait = (seconds) => setTimeout(renew, seconds * 1000 + 300);

  async function renew() {
    let seconds = 5;
    try {
      const answer = await fetch(location.href);
      if (answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("screen");
      document.getElementById("screen").replaceWith(next);
      seconds = Number(next.dataset.seconds);
    } catch {
      // no network: the old code stays until the next try
    }
    wait(seconds);
  }

  wait(Number(document.getElementById("screen").dataset.seconds));
})();
