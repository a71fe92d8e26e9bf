// The Worker in which a starter runs: the skills with the AWS SDK, and the DynamoDB engine behind them.
//
// The page sends `{ id, starter, action, body }` and gets `{ id, status, body }`, as from the server's
// `/talk/{starter}/{action}`. Before that it sends `{ files }` and gets `{ loaded }`, the bytes so far,
// and then `{ ready }` or `{ failed }`.
import { XzReadableStream } from "xz-decompress";
import initEngine, { dispatchHttp, open as openEngine } from "engine/browser_engine.js";
import { provideSqlite } from "./sqlite.js";
import initSkills, { answer, fixNumbers, open as openSkills } from "skills/browser_skills.js";

/** The cache that the service worker of the pages uses too. */
const KEPT = "starters";

self.onmessage = async ({ data }) => {
    if (data.files) {
        await begin(data.files).catch((error) => self.postMessage({ failed: String(error?.message ?? error) }));
        return;
    }
    const { id, starter, action, body } = data;
    const said = await answer(starter, action, body).catch((error) => `500 ${JSON.stringify({ error: String(error) })}`);
    self.postMessage({ id, status: Number(said.slice(0, 3)), body: said.slice(4) });
};

async function begin(files) {
    let loaded = 0;
    const progress = (bytes) => {
        loaded += bytes;
        self.postMessage({ loaded });
    };
    const [skills, engine, sqlite] = await Promise.all(
        [files.skills, files.engine, files.sqlite].map((url) => fetched(url, progress)));
    provideSqlite(sqlite);
    await Promise.all([initSkills({ module_or_path: skills }), initEngine({ module_or_path: engine })]);
    await openEngine("page", true);
    // The SDK signs with a date, as always.
    await openSkills((target, body, authorization) => dispatchHttp(target, body, authorization, undefined, true));
    self.postMessage({ ready: true });
}

/** A module's bytes. The file is compressed already, so that it is small on any host. */
async function fetched(url, progress) {
    // Where storage is denied, there is none to look into.
    const cache = await self.caches?.open(KEPT).catch(() => null);
    const response = (await cache?.match(url)) ?? (await fetch(url));
    if (!response.ok) throw new Error(`${url} cannot be loaded: ${response.status}`);
    const parts = [];
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parts.push(part.value);
        progress(part.value.length);
    }
    const packed = new Blob(parts);
    try {
        const unpacked = await new Response(new XzReadableStream(packed.stream())).arrayBuffer();
        await cache?.put(url, new Response(packed)).catch(() => {});
        return unpacked;
    } catch (error) {
        // A network that wants a login first answers with a page of its own: that must not be kept.
        await cache?.delete(url);
        throw error;
    }
}

// What breaks outside an answer breaks all answers.
self.onunhandledrejection = ({ reason }) => self.postMessage({ failed: String(reason?.message ?? reason) });

// For tests, which compare what a skill says with what it said elsewhere.
self.fixNumbers = fixNumbers;
