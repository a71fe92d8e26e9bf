// Uses the published site as a reader does: searches, copies, prints, gets lost, has no scripts, pays for bytes.
// Usage: node reading.mjs http://127.0.0.1:PUBLISHED
import { gzipSync } from "node:zlib";
import { browse, until } from "./reader.mjs";

const site = process.argv[2];
// A chapter with listings, programs and commands, and no diagram.
const chapter = "integration/one-line.html";
const withDiagram = "dynamo-paper/hinted-handoff.html";
const most = 200_000;

await browse([site], async (reader) => {
    for (const check of [searches, copies, opensAListing, fallsBack, longCodeScrolls, focusShows, getsLost, readsWithoutScripts]) {
        await on(reader, "light", check);
    }
    for (const theme of ["light", "navy"]) await on(reader, theme, prints);
    for (const check of [mermaidComesLast, drawsOnPaper]) await on(reader, "light", check);
    for (const width of [320, 412, 760, 1280]) {
        for (const path of ["starters/visit-counter.html", "starters/break-it.html", "dynamo-paper/ring.html"]) {
            await on(reader, "light", (page) => staysPut(page, path, width));
        }
    }
    for (const path of [await longest(), "index.html", chapter, "starters/visit-counter.html", "dynamo-paper/ring.html"]) {
        await on(reader, "light", (page) => weighs(page, path));
    }
});

async function on(reader, theme, check) {
    const page = await reader(theme, theme === "navy" ? "dark" : "light", 1280);
    await check(page).catch((error) => page.wrong(`${check.name}: ${error.message}`));
    await page.context().close();
}

async function searches(page) {
    await page.goto(`${site}/index.html`);
    await page.keyboard.press("/");
    await page.keyboard.type("throttled");
    const hit = page.locator("#mdbook-searchresults a").first();
    await hit.waitFor();
    await hit.click();
    await page.waitForURL(/highlight=throttled/);
    await page.locator("main mark").first().waitFor();
    const found = await page.locator("main mark").allInnerTexts();
    if (!found.some((word) => /throttl/i.test(word))) page.wrong(`a search for “throttled” finds ${found}`);
}

async function copies(page) {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${site}/${chapter}`);
    const block = page.locator(".listing + pre").first();
    await block.hover();
    await block.locator(".clip-button").click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const shown = await block.locator("code").innerText();
    if (copied.trim() === "" || copied.trim() !== shown.trim()) page.wrong(`copies “${copied}”`);
}

/** The name above a listing leads to the whole file, as text. */
async function opensAListing(page) {
    await page.goto(`${site}/${chapter}`);
    const shown = await page.locator(".listing + pre code").first().innerText();
    const link = page.locator(".listing a").first();
    const name = await link.innerText();
    const response = await page.request.get(new URL(await link.getAttribute("href"), page.url()).href);
    if (!/^text\/plain/.test(response.headers()["content-type"])) page.wrong(`${name} is no text`);
    const file = await response.text();
    const first = shown.trim().split("\n")[0];
    if (!file.includes(first.trim())) page.wrong(`${name} does not hold “${first}”`);
}

/** What comes after the first paint fills a place of its own height, so that nothing below it moves. */
async function staysPut(page, path, width) {
    await page.setViewportSize({ width, height: 900 });
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(/\/(panel|ring)\.js$/, async (route) => {
        await held;
        await route.continue();
    });
    await page.goto(`${site}/${path}`, { waitUntil: "domcontentloaded" });
    const place = page.locator(".talk, .ring").first();
    const height = async () => (await place.boundingBox()).height;
    const before = await height();
    release();
    await page.locator(".talk-ready, .ring-ready").waitFor();
    const after = await height();
    if (Math.abs(after - before) > 1) page.wrong(`at ${width} pixels its place grows from ${before} to ${after}`);
}

/** Where a part cannot be shown, its text is, without an empty frame around it. */
async function fallsBack(page) {
    await page.route(/\/panel\.js$/, (route) => route.fulfill({ contentType: "text/javascript", body: "export const mount = () => Promise.reject(new Error('broken'));" }));
    await page.goto(`${site}/starters/visit-counter.html`);
    const place = page.locator(".talk.failed");
    await place.waitFor();
    const [shown, text] = [await place.boundingBox(), await place.locator("p").boundingBox()];
    if (shown.height > text.height + 50) page.wrong(`the place of a panel that failed is ${shown.height} pixels high`);
}

async function longCodeScrolls(page) {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${site}/${chapter}`);
    const within = await page.locator("main pre > code").evaluateAll((blocks) => blocks
        .filter((block) => block.scrollWidth > block.clientWidth)
        .map((block) => getComputedStyle(block).overflowX));
    if (within.length === 0) page.wrong("has no long code: choose another chapter for this test");
    if (within.some((overflow) => overflow !== "auto")) page.wrong(`long code does not scroll: ${within}`);
}

/** Every stop of the tab key can be seen. */
async function focusShows(page) {
    await page.goto(`${site}/${chapter}`);
    const unseen = new Set();
    for (let stop = 0; stop < 80; stop += 1) {
        await page.keyboard.press("Tab");
        const hidden = await page.evaluate(() => {
            const focused = document.activeElement;
            if (focused === document.body) return null;
            const style = getComputedStyle(focused);
            const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            return ring ? null : focused.outerHTML.slice(0, 80);
        });
        if (hidden) unseen.add(hidden);
    }
    for (const element of unseen) page.wrong(`the focus cannot be seen on ${element}`);
}

/** The page for a dead link helps, at any depth, with scripts and without. */
async function getsLost(page) {
    page.removeAllListeners("console"); // It reports the status 404.
    for (const scripts of [true, false]) {
        const context = await page.context().browser().newContext({ javaScriptEnabled: scripts });
        const lost = await context.newPage();
        const response = await lost.goto(`${site}/no/such/page.html`);
        if (response.status() !== 404) page.wrong(`a dead link has the status ${response.status()}`);
        const links = await lost.locator("main a[href$='.html']").count();
        if (links < 8) page.wrong(`the page for a dead link has ${links} links`);
        await lost.locator("main a", { hasText: "Integration" }).click();
        await lost.waitForURL(`${site}/${chapter}`);
        await context.close();
    }
    await page.goto(`${site}/no/such/page.html`);
    await page.keyboard.press("/");
    await page.keyboard.type("gossip");
    await page.locator("#mdbook-searchresults a").first().click();
    await page.waitForURL(/highlight=gossip/);
}

async function readsWithoutScripts(page) {
    const context = await page.context().browser().newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${site}/${chapter}`);
    if ((await plain.locator("main").innerText()).length < 2000) page.wrong("has no text without scripts");
    const contents = plain.frameLocator("iframe.sidebar-iframe-outer").locator("a").first();
    await contents.waitFor();
    await plain.locator(".listing a").first().click();
    await plain.waitForURL(/\/source\//);
    await context.close();
}

/** What stands on paper is the chapter and nothing to click at, dark on white. */
async function prints(page) {
    await page.goto(`${site}/starters/visit-counter.html`);
    await page.waitForSelector(".talk-ready");
    await page.emulateMedia({ media: "print" });
    const left = await page.evaluate(() =>
        ["#mdbook-sidebar", "#mdbook-menu-bar", ".nav-wrapper a", ".nav-wide-wrapper", ".buttons", ".talk", "#mdbook-search-wrapper"]
            .filter((part) => [...document.querySelectorAll(part)].some((element) => element.checkVisibility())));
    if (left.length) page.wrong(`prints ${left}`);
    const [ink, paper] = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        return [style.color, style.getPropertyValue("--bg").trim()];
    });
    const light = ink.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 100) && paper === "#ffffff";
    if (!light) page.wrong(`prints ${ink} on ${paper}`);
    const wide = await page.evaluate(() => [...document.querySelectorAll("main pre > code")]
        .filter((block) => getComputedStyle(block).whiteSpace !== "pre-wrap").length);
    if (wide) page.wrong(`cuts ${wide} blocks of code off`);
    const pdf = await page.pdf({ format: "A4", tagged: true, outline: true });
    // Text is packed in the file; the outline, which is made of the headings, is not.
    const headings = await page.locator("main :is(h1, h2)").allInnerTexts();
    const outline = [...pdf.toString("latin1").matchAll(/\/Title\s*\(([^)]*)\)/g)].map((match) => match[1]);
    const missing = headings.filter((heading) => !outline.some((title) => title.includes(heading.slice(0, 12))));
    if (headings.length < 3 || missing.length) page.wrong(`prints ${outline} and leaves out ${missing}`);
}

/** mermaid weighs more than the rest of the page, which does not wait for it. */
async function mermaidComesLast(page) {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${site}/${withDiagram}`, { waitUntil: "load" });
    if (asked.some((url) => url.includes("mermaid"))) page.wrong("loads mermaid before the page is there");
    await page.locator("pre.mermaid svg").first().waitFor({ state: "attached" });
}

/** Whoever prints before a diagram was near has it on paper all the same. */
async function drawsOnPaper(page) {
    await page.addInitScript(() => {
        window.IntersectionObserver = class { observe() {} disconnect() {} };
        window.requestIdleCallback = () => {};
        window.addEventListener("afterprint", () => {
            window.onPaper = document.querySelectorAll("pre.mermaid svg").length;
        });
    });
    await page.goto(`${site}/${withDiagram}`);
    await page.pdf({ format: "A4" });
    const [diagrams, drawn] = await page.evaluate(() => [document.querySelectorAll("pre.mermaid").length, window.onPaper]);
    if (diagrams === 0 || drawn !== diagrams) page.wrong(`prints ${drawn} of ${diagrams} diagrams`);
}

/** The chapter without a diagram whose page is the largest. */
async function longest() {
    const contents = await (await fetch(`${site}/toc.html`)).text();
    const sizes = {};
    for (const [, path] of contents.matchAll(/href="([^"#]+\.html)"/g)) {
        const html = await (await fetch(`${site}/${path}`)).text();
        if (!html.includes('class="mermaid"')) sizes[path] = html.length;
    }
    return Object.keys(sizes).reduce((most, path) => (sizes[path] > sizes[most] ? path : most));
}

/** The bytes of a first visit, as a server that compresses sends them. */
async function weighs(page, path) {
    const loads = [];
    page.on("response", (response) => loads.push(response));
    await page.goto(`${site}/${path}`, { waitUntil: "networkidle" });
    let sum = 0;
    const parts = [];
    for (const response of loads) {
        const body = await response.body();
        const packed = /woff2|png/.test(response.url()) ? body.length : gzipSync(body).length;
        sum += packed;
        parts.push(`${packed} ${response.url().replace(site, "")}`);
    }
    console.log(`${path}: ${sum} bytes in ${loads.length} files`);
    if (sum > most) page.wrong(`weighs ${sum} bytes:\n${parts.join("\n")}`);
}
