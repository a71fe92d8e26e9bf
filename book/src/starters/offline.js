// The service worker of the starters' pages, registered when a reader runs a starter in the page. What the
// network gives goes before what was kept, so that a page is never older than it has to be.

const KEPT = "starters";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
    const [port] = event.ports;
    event.waitUntil(keep(event.data.keep).then(
        () => port.postMessage({}),
        (error) => port.postMessage({ error: error.message })));
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method === "GET" && new URL(request.url).origin === location.origin) {
        event.respondWith(answer(request));
    }
});

async function keep(urls) {
    const cache = await caches.open(KEPT);
    await Promise.all(urls.map(async (url) => {
        if (!named(url) || !(await cache.match(url))) await cache.add(url);
    }));
    // What an older page ran.
    const wanted = new Set(urls);
    const old = (await cache.keys()).filter(({ url }) => named(url) && !wanted.has(url));
    await Promise.all(old.map((request) => cache.delete(request)));
}

/** Modules are named by what they hold, so they never change. */
const named = (url) => /\/starters\/browser\/[a-z0-9]+-[0-9a-f]{8}\./.test(url);

async function answer(request) {
    const cache = await caches.open(KEPT);
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept && named(request.url)) return kept;
    try {
        const response = await fetch(request);
        if (response.ok && response.status === 200) await cache.put(request, response.clone());
        return response;
    } catch (error) {
        if (kept) return kept;
        throw error;
    }
}
