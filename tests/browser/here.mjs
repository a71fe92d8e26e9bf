// Runs every starter in the page itself, on the built site from a plain file server, and compares what it
// says, asks of DynamoDB and leaves there with what the local server did when it was recorded.
// Usage: node here.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { breaks } from "./faults.mjs";
import { starters } from "./panels.mjs";
import { fileServer } from "./plain.mjs";
import { axe, browse, until } from "./reader.mjs";

const folder = process.argv[2];
/** What the recording fixed the numbers of high-low to. */
const NUMBERS = 9;
const SKILLS_AT_MOST = 460_000;
const ENGINE_AT_MOST = 1_300_000;

const server = await fileServer(folder);
// A name that is not this machine's own: pages from there have no storage.
const elsewhere = server.site.replace("127.0.0.1", "book.test");
await browse([server.site, elsewhere], async (reader) => {
    sizesHold();
    for (const starter of starters) await on(reader, (page) => answersAsTheServer(page, starter));
    for (const check of [
        saysWhatItCosts, breaksIt, keepsTabsApart, bearsADeadEngine, bearsAModuleThatIsNone, bearsALostWorker, bearsACrash,
        bearsAnOldBrowser, worksWithoutStorage,
    ]) {
        await on(reader, check);
    }
    await on(reader, worksOffline);
});
server.stop();

async function on(reader, check) {
    const page = await reader("light", "light", 1280);
    await check(page).catch((error) => page.wrong(`${check.name}: ${error.message}`));
    await page.context().close();
}

function sizesHold() {
    const { files } = JSON.parse(readFileSync(join(folder, "starters/browser/manifest.json"), "utf8"));
    const script = gzipSync(readFileSync(join(folder, "starters/browser", files.worker.name))).length;
    const engine = script + files.engine.bytes + files.sqlite.bytes;
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
    console.log(`the skills with the SDK: ${kilobytes(files.skills.bytes)}; the engine: ${kilobytes(engine)}, of which SQLite `
        + `${kilobytes(files.sqlite.bytes)} and the Worker's script ${kilobytes(script)} (compressed, the script with gzip)`);
    if (files.skills.bytes > SKILLS_AT_MOST) throw new Error("the skills are too large");
    if (engine > ENGINE_AT_MOST) throw new Error("the engine is too large");
}

async function open(page, starter, site = server.site) {
    await page.goto(`${site}/starters/${starter}.html`);
    await page.waitForSelector(".talk-ready");
}

async function start(page) {
    await page.click(".talk-offer button");
    await page.waitForSelector("#talk-text");
}

async function answered(page, action) {
    const count = () => page.locator(".talk-exchange").count();
    const before = await count();
    await action();
    if (!(await until(async () => (await count()) > before))) {
        throw new Error(`no answer: ${await page.locator(".talk-trouble").innerText()}`);
    }
    await page.waitForSelector(".talk-controls[aria-busy=false]");
    return page.locator(".talk-alexa").last().evaluate((answer) => answer.lastChild.textContent);
}

function say(page, text) {
    return answered(page, async () => {
        await page.fill("#talk-text", text);
        await page.click(".talk-form button");
    });
}

function state(page) {
    return page.locator(".talk-offer-state").innerText();
}

/** Keeps what the Worker sends, before the panel draws it. */
function overhear(page) {
    return page.addInitScript(() => {
        window.answers = [];
        window.Worker = class extends Worker {
            constructor(...parameters) {
                super(...parameters);
                this.addEventListener("message", ({ data }) => data.id && window.answers.push(data));
            }
        };
    });
}

async function answersAsTheServer(page, starter) {
    await overhear(page);
    await open(page, starter);
    await start(page);
    const { exchanges } = JSON.parse(readFileSync(join(folder, `starters/recorded/${starter}.json`), "utf8"));
    await page.workers()[0].evaluate((first) => self.fixNumbers(first), NUMBERS);
    const made = [];
    for (const { turns } of exchanges) {
        const [{ user, device, said, request }] = turns;
        await page.click(`label[for=talk-user-${user}]`);
        if (turns.length === 1) {
            await page.click(`label[for=talk-device-${device}]`);
            if (await page.locator("#talk-locale").count()) await page.selectOption("#talk-locale", request.request.locale);
            await say(page, said);
        } else {
            if (await page.locator("#talk-locale").count()) await page.selectOption("#talk-locale", "en-US");
            await page.click('summary:text-is("Two devices at once")');
            await answered(page, () => page.click('button:text-is("Say both at once")'));
        }
        const { status, body } = await page.evaluate(() => window.answers.at(-1));
        if (status !== 200) throw new Error(body);
        made.push(JSON.parse(body));
    }
    const other = exchanges.findIndex((exchange, index) => lasting(exchange) !== lasting(made[index]));
    if (other >= 0) {
        page.wrong(`step ${other + 1}: the server gave\n${lasting(exchanges[other])}\nand the page gave\n${lasting(made[other])}`);
    }
    await axe(page);
    await page.click('button:text-is("Start afresh")');
    if (!(await until(async () => (await page.locator(".talk-exchange").count()) === 0))) page.wrong("does not start afresh");
    if (other < 0) console.log(`${starter}: ${made.length} steps as on the server`);
}

/**
 * An exchange without what differs from one run to the next, as in tests/site/recording.rs. The number that high-low
 * draws while two turns run at once depends on how often the SDK draws in between.
 */
function lasting(exchange) {
    const differs = ["begins", "took", "held", "headers", "B"];
    if (exchange.turns.length > 1) differs.push("secret");
    const ordered = (value) => {
        if (typeof value === "string") {
            return value.replaceAll(/amzn1\.echo-api\.(request|session)\.[0-9a-f]+/g, "id")
                .replaceAll(/\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?/g, "time")
                .replaceAll(/127\.0\.0\.1:\d+|dynamodb\.localhost/g, "address");
        }
        if (Array.isArray(value)) {
            return value.filter((part) => !differs.includes(part?.path?.split(".").at(-1))).map(ordered);
        }
        if (typeof value !== "object" || value === null) return value;
        const names = Object.keys(value).filter((name) => !differs.includes(name)).sort();
        return Object.fromEntries(names.map((name) => [name, ordered(value[name])]));
    };
    return JSON.stringify(ordered(exchange));
}

/** Prints how long the first answer takes and what it takes in memory; nothing is loaded before the click. */
async function saysWhatItCosts(page) {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await open(page, "visit-counter");
    const before = asked.filter((url) => /\/starters\/browser\/(?!manifest)/.test(url));
    if (before.length > 0) page.wrong(`loads ${before} before it is asked to`);
    const label = await page.locator(".talk-offer button").innerText();
    if (!/^Run it in this page \(\d\.\d MB\)$/.test(label)) page.wrong(`the button says ${label}`);
    const memory = await residentMemory(page);
    const clicked = performance.now();
    await start(page);
    const ready = performance.now() - clicked;
    const answer = await say(page, "open visit counter");
    const first = performance.now() - clicked;
    if (answer !== "Welcome! This is your first visit.") page.wrong(`the first answer: ${answer}`);
    await say(page, "open visit counter");
    const grown = (await residentMemory(page)) - memory;
    const took = await page.locator(".talk-sum").innerText();
    console.log(`from the click to the panel ${ready.toFixed(0)} ms, to the first answer ${first.toFixed(0)} ms; `
        + `a later turn: ${took}; ${(grown / 1e6).toFixed(0)} MB more in memory`);
    const badge = await page.locator(".talk-badge").innerText();
    if (badge !== "live, in this page") page.wrong(`says that ${badge} answers`);
}

/** What the processes of the browser's pages keep in memory, in bytes, that no file backs. */
async function residentMemory(page) {
    const session = await page.context().browser().newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { id }) => {
        const [, kilobytes] = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"));
        return sum + kilobytes * 1024;
    }, 0);
}

async function breaksIt(page) {
    await open(page, "break-it");
    await breaks(page, false);
    await page.click(".talk-offer button");
    await page.waitForSelector('.talk-badge:text-is("live, in this page")');
    await breaks(page, true);
}

async function keepsTabsApart(page) {
    const other = await page.context().newPage();
    for (const tab of [page, other]) {
        await open(tab, "visit-counter");
        await start(tab);
    }
    await say(page, "open visit counter");
    const second = await say(page, "open visit counter");
    const first = await say(other, "open visit counter");
    if (!/visit 2/.test(second) || !/first visit/.test(first)) page.wrong(`two tabs hear “${second}” and “${first}”`);
    const foot = await other.locator(".talk-foot").innerText();
    if (!foot.includes("another tab has a table of its own")) page.wrong(`says of tabs: ${foot}`);
}

/** After something broke, there is a word about it and the recording. */
async function fallsBack(page, reason) {
    if (!(await until(async () => reason.test(await state(page))))) page.wrong(`says of the fault: ${await state(page)}`);
    await page.waitForSelector('.talk-badge:text-is("recorded")');
    await page.click(".talk-next button");
    if ((await page.locator(".talk-exchange").count()) !== 1) page.wrong("does not play the recording");
    await axe(page);
}

async function tryAgain(page) {
    await page.click('button:text-is("Try again in this page")');
    await page.waitForSelector("#talk-text");
    await say(page, "open visit counter");
}

/** What the browser itself reports of a fault that is made here. */
function expectFaults(page) {
    page.removeAllListeners("console");
    page.removeAllListeners("pageerror");
}

async function bearsADeadEngine(page) {
    expectFaults(page);
    await page.context().route(/engine-.*\.wasm\.xz$/, (route) => route.fulfill({ status: 503, body: "" }));
    await open(page, "visit-counter");
    await page.click(".talk-offer button");
    await fallsBack(page, /cannot be loaded: 503\. Here is the recording instead\./);
}

async function bearsAModuleThatIsNone(page) {
    expectFaults(page);
    const signIn = /sqlite-.*\.wasm\.xz$/;
    await page.context().route(signIn, (route) => route.fulfill({ body: "<html>sign in first</html>" }));
    await open(page, "visit-counter");
    await page.click(".talk-offer button");
    await fallsBack(page, /It does not run in this page: .+ Here is the recording instead\./);
    await page.context().unroute(signIn);
    await tryAgain(page);
}

async function bearsALostWorker(page) {
    await open(page, "visit-counter");
    await start(page);
    await page.workers()[0].evaluate(() => self.close()).catch(() => {});
    await page.fill("#talk-text", "open visit counter");
    await page.click(".talk-form button");
    await fallsBack(page, /does not answer any more\. Here is the recording instead\./);
    await tryAgain(page);
}

async function bearsACrash(page) {
    expectFaults(page);
    await open(page, "visit-counter");
    await start(page);
    await page.workers()[0].evaluate(() => {
        setTimeout(() => {
            throw new Error("out of memory");
        });
    });
    await page.fill("#talk-text", "open visit counter");
    await page.click(".talk-form button");
    await fallsBack(page, /out of memory/);
}

async function bearsAnOldBrowser(page) {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await open(page, "visit-counter");
    await fallsBack(page, /has no WebAssembly\. Here is the recording\./);
    if (await page.locator(".talk-offer button").isVisible()) page.wrong("offers what it cannot do");
}

async function worksWithoutStorage(page) {
    await open(page, "visit-counter", elsewhere);
    await start(page);
    await say(page, "open visit counter");
    if (!(await until(async () => /has to be loaded again the next time/.test(await state(page))))) {
        page.wrong(`says without storage: ${await state(page)}`);
    }
}

/** The last check, as the server is gone after it. */
async function worksOffline(page) {
    expectFaults(page);
    await open(page, "visit-counter");
    await start(page);
    if (!(await until(async () => /without a network too/.test(await state(page))))) page.wrong(await state(page));
    await server.stop();
    for (const starter of ["visit-counter", "shared-list"]) {
        await open(page, starter);
        await start(page);
        const name = starter.replace("-", " ");
        const answer = await say(page, `open ${name}`);
        if (!/first visit|empty/.test(answer)) page.wrong(`offline, ${starter} says ${answer}`);
    }
    const kept = readdirSync(join(folder, "starters/browser")).length;
    console.log(`offline: two starters with ${kept - 1} kept files`);
}
