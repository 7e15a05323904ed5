const OLDEST = 3 * 24 * 3600 * 1000; // milliseconds that a page is kept
const PATIENCE = 6000; // milliseconds that a page kept here waits for a slow network
const scope = new URL(self.registration.scope).pathname;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(KEEP)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("classes-assets-") && name !== ASSETS) await caches.delete(name);
    }
    await forgetOld();
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data && Array.isArray(event.data.keep)) {
    event.waitUntil(Promise.all(event.data.keep.map((url) => keep(new Request(url)).catch(() => null))));
  }
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEEP.includes(url.pathname)) {
    event.respondWith(caches.match(event.request, { cacheName: ASSETS }).then((kept) => kept || fetch(event.request)));
  } else if (isPage(url)) {
    event.respondWith(page(event.request));
  }
});

function isPage(url) {
  return url.pathname.startsWith(scope) && url.pathname.endsWith("/") && !url.pathname.endsWith("/screen/");
}

async function page(request) {
  const cache = await caches.open(PAGES);
  const kept = fresh(await cache.match(request.url));
  if (!kept) return keep(request);
  const slow = new Promise((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE));
  return Promise.race([keep(request).catch(() => kept.clone()), slow]);
}

// What the network says is kept when it is a page; who was signed out, or may not see it any more, keeps nothing.
async function keep(request) {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" || answer.redirected) {
    await caches.delete(PAGES);
  } else if (answer.ok) {
    const headers = new Headers(answer.headers);
    for (const name of ["vary", "content-encoding", "content-length"]) headers.delete(name); // one page for one address, unpacked
    headers.set("kept-at", Date.now());
    const copy = new Response(await answer.clone().blob(), { status: answer.status, headers });
    await (await caches.open(PAGES)).put(request.url, copy);
  } else if ([401, 403, 404].includes(answer.status)) {
    await (await caches.open(PAGES)).delete(request.url);
  }
  return answer;
}

function fresh(answer) {
  return answer && Date.now() - answer.headers.get("kept-at") < OLDEST ? answer : undefined;
}

async function forgetOld() {
  const cache = await caches.open(PAGES);
  for (const request of await cache.keys()) {
    if (!fresh(await cache.match(request))) await cache.delete(request);
  }
}
