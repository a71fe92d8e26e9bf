// Plays with the ring by keyboard alone, and compares what it shows with what was recorded.
// Usage: node ring.mjs http://127.0.0.1:PUBLISHED
import { gzipSync } from "node:zlib";
import { axe, browse } from "./reader.mjs";

const site = process.argv[2];
const path = "dynamo-paper/ring.html";
const recording = await (await fetch(`${site}/dynamo-paper/ring/recorded.json`)).json();
/** What the recording may weigh when it is packed. */
const most = 60_000;

// What the chapter proposes, and what the steps must come to.
const alice = (what) => [`${what}: Alice’s cart`, what === "Write twice at once" ? "race" : what.toLowerCase(), "alice"];
const bob = (what) => [`${what}: Bob’s cart`, what.toLowerCase(), "bob"];
const fail = (node) => [`Fail: node ${node}`, `fail ${node}`];
const leave = (node) => [`Take away: node ${node}`, `leave ${node}`];
const heal = ["Heal: every node is back", "heal"];
const join = ["F joins", "join"];
const walks = {
    "a hint": [[alice("Write"), fail("B"), alice("Write"), heal], /E hands B what it kept/],
    "a refusal": [[fail("A"), fail("D"), alice("Write"), fail("B"), alice("Write"), alice("Read")], /It is refused/],
    "two versions": [[alice("Write twice at once"), alice("Read")], /There are 2 versions/],
    "two versions that become one": [[alice("Write twice at once"), alice("Write"), alice("Read")], /sees \{bread, eggs, milk\}/],
    "a newcomer": [[alice("Write"), bob("Write"), join], /F joins the ring.*belongs on B, F and A now/],
    "a farewell": [[alice("Write"), bob("Write"), leave("A")], /A is taken away.*belonged on B, A and D/],
    "a tree": [[fail("A"), fail("D"), fail("E"), alice("Write"), heal], /compare their Merkle trees/],
};

await browse([site], async (reader) => {
    for (const screen of [["light", "light", 1280], ["navy", "dark", 390]]) {
        for (const [name, [steps, comes]] of Object.entries(walks)) {
            await on(reader, screen, name, (page) => walkAlong(page, steps, comes));
        }
    }
    for (const check of [saysWhyNot, goesBack, worksWithoutScripts, isLight]) {
        await on(reader, ["light", "light", 1280], check.name, check);
    }
    console.log(`${Object.keys(walks).length} walks on the ring`);
});

async function on(reader, screen, name, check) {
    const page = await reader(...screen);
    await page.goto(`${site}/${path}`);
    await page.waitForSelector(".ring-ready");
    await check(page).catch((error) => page.wrong(`${name}: ${error.message}`));
    await page.context().close();
}

/** Tabs to the button, and presses it. Whoever starts behind it tabs backwards. */
async function press(page, label) {
    const button = page.locator(`.ring-ready button[aria-label="${label}"]`);
    const order = await button.evaluate((wanted) => {
        const all = [...document.querySelectorAll(".ring-ready button")];
        const from = all.indexOf(document.activeElement);
        if (from < 0) all[0].focus();
        return all.indexOf(wanted) - Math.max(from, 0);
    });
    for (let step = 0; step < Math.abs(order); step += 1) await page.keyboard.press(order > 0 ? "Tab" : "Shift+Tab");
    const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    if (focused !== label) throw new Error(`the tab key leads to “${focused}”, not to “${label}”`);
    const outline = await button.evaluate((focused) => getComputedStyle(focused).outlineStyle);
    if (outline === "none") page.wrong(`the focus cannot be seen on “${label}”`);
    await page.keyboard.press("Enter");
    return page.locator(".ring-unseen").innerText();
}

async function walkAlong(page, steps, comes) {
    const state = { world: 0, holdings: recording.carts.map(() => 0) };
    await compare(page, state, "at the start");
    let heard;
    for (const [label, choice, cart] of steps) {
        heard = await press(page, label);
        follow(state, choice, cart);
        await compare(page, state, label);
        if (heard.length < 20) page.wrong(`says “${heard}” after “${label}”`);
    }
    if (!comes.test(heard)) page.wrong(`says “${heard}”, which is not ${comes}`);
    await axe(page);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) page.wrong(`scrolls sideways by ${sideways} px`);
}

/** The recording, read without the page's scripts. */
function follow(state, choice, cart) {
    const { world, holdings } = state;
    recording.carts.forEach((record, place) => {
        if (choice.startsWith("fail") || (cart && record.name !== cart)) return;
        const [worlds, held] = record.states;
        const at = worlds.findIndex((other, row) => other === world && held[row] === holdings[place]);
        const [distances, after] = record.choices[choice];
        let sum = 0;
        const row = distances.findIndex((distance) => (sum += distance) === at);
        holdings[place] = after[row];
    });
    const { members, down } = recording.worlds[world];
    const [what, node] = choice.split(" ");
    const next = {
        fail: [members, [...down, node].sort().join("")],
        heal: [members, ""],
        join: [`${members}F`, ""],
        leave: [members.replace(node, ""), ""],
    }[what] ?? [members, down];
    state.world = recording.worlds.findIndex((other) => other.members === next[0] && other.down === next[1]);
}

async function compare(page, { world, holdings }, when) {
    const { members, down } = recording.worlds[world];
    const expected = Object.keys(recording.tokens).flatMap((node) => [
        `${node} ${members.includes(node) ? (down.includes(node) ? "down" : "runs") : "not in the ring"}`,
        ...recording.carts.flatMap((cart, place) => cart.holdings[holdings[place]].split(" ").filter((word) => word[0] === node)
            .map((word) => {
                const [version, home] = word.slice(1).split(">");
                const [dot, past, items] = cart.versions[version];
                return `${home ? `for ${home}: ` : ""}${cart.name} {${items.replaceAll(" ", ", ")}} ${dot}${past}`;
            })),
    ]);
    const shown = await page.locator(".ring-card").evaluateAll((cards) => cards.flatMap((card) => [
        [...card.querySelector(".ring-head").children].map((part) => part.textContent).join(" "),
        ...[...card.querySelectorAll(".ring-holds li")].map((line) => line.textContent),
    ]));
    if (shown.join("\n") !== expected.join("\n")) page.wrong(`${when}: shows\n${shown.join("\n")}\ninstead of\n${expected.join("\n")}`);
    const ranges = await page.locator(".ring-range").count();
    if (ranges !== 3 * members.length) page.wrong(`${when}: draws ${ranges} ranges for ${members}`);
    const stops = await page.locator(".ring-stop").count();
    if (stops !== 3 * recording.carts.length) page.wrong(`${when}: the ways stop ${stops} times`);
}

/** What cannot be chosen now says why, and changes nothing. */
async function saysWhyNot(page) {
    for (const [label, reason] of [["Heal: every node is back", /nothing to heal/], ["Undo", /no step/], ["Take away: node F", /not in the ring/]]) {
        const heard = await press(page, label);
        if (!reason.test(heard)) page.wrong(`“${label}” says “${heard}”`);
    }
    await press(page, "Fail: node A");
    const heard = await press(page, "F joins");
    if (!/heal first/.test(heard)) page.wrong(`a node that cannot join says “${heard}”`);
    await axe(page);
}

async function goesBack(page) {
    const state = { world: 0, holdings: recording.carts.map(() => 0) };
    await press(page, "Write: Alice’s cart");
    await press(page, "Fail: node B");
    await press(page, "Undo");
    follow(state, "write", "alice");
    await compare(page, state, "after an undo");
    await press(page, "Start over");
    await compare(page, { world: 0, holdings: [0, 0] }, "after starting over");
}

async function worksWithoutScripts(page) {
    const context = await page.context().browser().newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${site}/${path}`);
    if (!/With scripts/.test(await plain.locator(".ring").innerText())) page.wrong("says nothing in the ring's place");
    const picture = plain.locator("main figure img").first();
    const [width, text] = await picture.evaluate((image) => [image.naturalWidth, image.alt]);
    if (width === 0 || text.length < 100) page.wrong("shows no picture without scripts");
    await context.close();
}

async function isLight(page) {
    const text = await (await fetch(`${site}/dynamo-paper/ring/recorded.json`)).arrayBuffer();
    const packed = gzipSync(Buffer.from(text)).length;
    console.log(`the recording: ${packed} bytes`);
    if (packed > most) page.wrong(`the recording weighs ${packed} bytes`);
    // Other pages do not pay for it.
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${site}/dynamo-paper/overview.html`, { waitUntil: "networkidle" });
    if (asked.some((url) => url.includes("/ring/"))) page.wrong("another page loads the ring");
}
