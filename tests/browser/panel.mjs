// Talks to every starter on its page, served and published, as readers with a mouse or a keyboard do.
// Usage: node panel.mjs http://127.0.0.1:SERVED http://127.0.0.1:PUBLISHED
import { breaks } from "./faults.mjs";
import { starters } from "./panels.mjs";
import { axe, browse, until } from "./reader.mjs";

const [served, published] = process.argv.slice(2);
const screens = [["light", "light", 1280], ["navy", "dark", 390]];

await browse([served, published], async (reader) => {
    for (const starter of starters) {
        for (const screen of screens) {
            for (const check of [converses, saysBothAtOnce, plays]) await on(reader, screen, (page) => check(page, starter));
        }
    }
    for (const screen of screens) await on(reader, screen, breaksIt);
    for (const check of [keysSuffice, usersDiffer, wordsStayWords, picksAnIntent, endsASession, saysWhatIsWrong]) {
        await on(reader, screens[0], check);
    }
    await on(reader, screens[0], worksWithoutScripts);
    console.log(`${starters.length} starters talked to`);
});

async function on(reader, screen, check) {
    const page = await reader(...screen);
    await check(page).catch((error) => page.wrong(`${check.name}: ${error.message}`));
    await page.context().close();
}

async function open(page, site, starter) {
    await page.goto(`${site}/starters/${starter}.html`);
    await page.waitForSelector(".talk-ready");
}

/** A panel in front of a skill that remembers nothing yet. */
async function openAfresh(page, starter) {
    await open(page, served, starter);
    await click(page, "Start afresh");
    await page.waitForSelector(".talk-controls[aria-busy=false]");
}

function exchanges(page) {
    return page.locator(".talk-exchange").count();
}

/** Waits for the answer to what an action says. */
async function answered(page, action) {
    const before = await exchanges(page);
    await action();
    const more = async () => (await exchanges(page)) > before;
    if (!(await until(more))) throw new Error(`no answer: ${await page.locator(".talk-trouble").innerText()}`);
    await page.waitForSelector(".talk-controls[aria-busy=false]");
    return page.locator(".talk-alexa").last().evaluate((answer) => answer.lastChild.textContent);
}

function say(page, text) {
    return answered(page, async () => {
        await page.fill("#talk-text", text);
        await page.click(".talk-form button");
    });
}

/** Clicks what has this text in the panel. */
function click(page, text) {
    return page.click(`.talk-ready :is(button, summary):text-is("${text}")`);
}

async function converses(page, starter) {
    await openAfresh(page, starter);
    await axe(page);
    const opening = await page.locator(".talk-offers button").first().innerText();
    const said = await say(page, opening);
    if (!said) page.wrong("Alexa says nothing");
    const live = await page.locator("[aria-live]").first().innerText();
    if (!live.includes(said)) page.wrong(`a screen reader hears “${live}”`);
    const steps = await page.locator(".talk-title").allInnerTexts();
    if (!/LaunchRequest.*GetItem.*Response/s.test(steps.join())) page.wrong(`shows the steps ${steps}`);
    for (const step of await page.locator(".talk-step summary").all()) await step.click();
    await axe(page);
    const wire = await page.locator(".talk-inside").allInnerTexts();
    for (const part of ["x-amz-target: DynamoDB_20120810.GetItem", "ConsumedCapacity", "amzn1.ask.account.ALICE"]) {
        if (!wire.join().includes(part)) page.wrong(`does not show ${part}`);
    }
    await page.click("#mdbook-theme-toggle");
    await page.keyboard.press("Escape");
    const overflow = await page.evaluate(() => {
        const panel = document.querySelector(".talk-ready");
        const most = panel.getBoundingClientRect().right + 1;
        return [...panel.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > most)
            .map((part) => part.className).join(", ");
    });
    if (overflow) page.wrong(`reaches out of the panel: ${overflow}`);
}

async function saysBothAtOnce(page, starter) {
    await openAfresh(page, starter);
    await click(page, "Two devices at once");
    await answered(page, () => click(page, "Say both at once"));
    const refused = await page.locator(".talk-refused").count();
    if (refused !== 1) page.wrong(`${refused} writes are refused`);
    const story = await page.locator(".talk-story").innerText();
    if (!story.includes("ran again")) page.wrong(`tells of two devices: ${story}`);
    for (const step of await page.locator(".talk-step summary").all()) await step.click();
    await axe(page);
}

async function breaksIt(page) {
    // The refusal of a policy is an answer with the status 422, which the browser's console reports.
    page.removeAllListeners("console");
    await open(page, served, "break-it");
    await breaks(page, true);
}

/** The published site plays what was recorded, and asks no server. */
async function plays(page, starter) {
    page.on("request", (request) => request.url().includes("/talk/") && page.wrong(`asks ${request.url()}`));
    await open(page, published, starter);
    const foot = await page.locator(".talk-foot").innerText();
    if (!/Recorded on \d+ \w+ \d{4} with alexa-skill/.test(foot)) page.wrong(`says of the recording: ${foot}`);
    const next = page.locator(".talk-primary");
    let played = 0;
    while ((await next.getAttribute("aria-disabled")) !== "true") {
        await next.click();
        played += 1;
    }
    if (played < 5 || (await exchanges(page)) !== played) page.wrong(`plays ${played} steps`);
    if ((await page.locator(".talk-refused").count()) !== 1) page.wrong("plays no conflict at the end");
    await axe(page);
    await page.locator(".talk-see").first().click();
    if ((await page.locator(".talk-see[aria-current]").count()) !== 1) page.wrong("does not say which turn it shows");
    await click(page, "Play it again");
    if ((await exchanges(page)) !== 0) page.wrong("does not begin again");
    await click(page, "Two devices at once");
    if ((await page.locator(".talk-lanes").count()) !== 1) page.wrong("does not go to the two devices");
}

async function keysSuffice(page) {
    await openAfresh(page, "shared-list");
    await page.focus("#talk-text");
    await answered(page, async () => {
        await page.keyboard.type("open shared list");
        await page.keyboard.press("Enter");
    });
    const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    if ((await focus()) !== "talk-text") page.wrong(`the focus goes to ${await focus()}`);
    // Past the button, to the words that are offered.
    for (const key of ["Tab", "Tab"]) await page.keyboard.press(key);
    const offered = await focus();
    await answered(page, () => page.keyboard.press("Enter"));
    if ((await focus()) !== offered) page.wrong(`the focus goes from “${offered}” to “${await focus()}”`);
    await page.focus("#talk-user-alice");
    await page.keyboard.press("ArrowRight");
    if (!(await page.isChecked("#talk-user-bob"))) page.wrong("an arrow key does not choose Bob");
    const ring = await page.evaluate(() =>
        getComputedStyle(document.querySelector("#talk-user-bob + label")).outlineStyle);
    if (ring === "none") page.wrong("the chosen user has no focus ring");
    await page.locator(".talk-step > details > summary").first().focus();
    await page.keyboard.press("Enter");
    if ((await page.locator(".talk-step details[open]").count()) !== 1) page.wrong("a key does not open a step");
}

async function usersDiffer(page) {
    await openAfresh(page, "visit-counter");
    await say(page, "open visit counter");
    const second = await say(page, "open visit counter");
    if (second !== "Welcome back! This is visit 2.") page.wrong(`the second visit: ${second}`);
    await page.click("label[for=talk-user-bob]");
    const bob = await say(page, "open visit counter");
    if (bob !== "Welcome! This is your first visit.") page.wrong(`Bob’s first visit: ${bob}`);
    const changed = await page.locator(".talk-changed").allInnerTexts();
    if (!changed.some((row) => /mapAttr\.count/.test(row))) page.wrong(`shows as changed: ${changed}`);
}

async function wordsStayWords(page) {
    await openAfresh(page, "shared-list");
    await say(page, "open shared list");
    const answer = await say(page, "add <img src=x onerror=alert(1)> and <b>bold</b>");
    if (!answer.includes("img src=x onerror")) page.wrong(`Alexa says ${answer}`);
    for (const step of await page.locator(".talk-step summary").all()) await step.click();
    const made = await page.locator(".talk-ready :is(img, b, script)").count();
    if (made) page.wrong(`${made} elements were made of words`);
}

async function picksAnIntent(page) {
    await openAfresh(page, "high-low");
    await say(page, "open high low");
    await click(page, "Pick an intent");
    await page.selectOption("#talk-intent", "GuessIntent");
    await page.fill("#talk-slot-number", "seventy");
    const answer = await answered(page, () => click(page, "Send"));
    if (!/70/.test(answer)) page.wrong(`the guess of 70: ${answer}`);
}

async function endsASession(page) {
    await openAfresh(page, "high-low");
    await say(page, "open high low");
    const state = () => page.locator(".talk-state").innerText();
    if ((await state()) !== "A session is open.") page.wrong(await state());
    await answered(page, () => click(page, "End the session"));
    if ((await state()) !== "No session is open.") page.wrong(await state());
    const steps = await page.locator(".talk-title").allInnerTexts();
    if (!steps.join().includes("SessionEndedRequest")) page.wrong(`ends a session by ${steps}`);
}

async function saysWhatIsWrong(page) {
    await openAfresh(page, "visit-counter");
    // The refusal is an answer with the status 409, which the browser's console reports.
    page.removeAllListeners("console");
    await page.fill("#talk-text", "count my visits");
    await page.click(".talk-form button");
    const trouble = page.locator(".talk-trouble");
    if (!(await until(async () => /open visit counter/.test(await trouble.innerText())))) page.wrong("does not say why nothing happens");
    await axe(page);
}

async function worksWithoutScripts(page) {
    const context = await page.context().browser().newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    for (const starter of starters) {
        await plain.goto(`${published}/starters/${starter}.html`);
        const text = await plain.locator(".talk").innerText();
        if (!text.includes("with scripts")) page.wrong(`${starter} says without scripts: ${text}`);
    }
    await context.close();
}
