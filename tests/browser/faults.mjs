// What a reader does on the page on five common errors: chooses each fault, and changes one so that it is none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { axe, until } from "./reader.mjs";

const book = join(fileURLToPath(import.meta.url), "../../../book/src");
const errors = { policy: "AccessDenied", table: "NoTable", key: "WrongKey", size: "TooLarge", writes: "Conflict" };
/** What the skill bears, of each fault. */
const borne = { policy: null, table: "VisitCounter", key: "userId", size: "399", writes: "1" };

/** Breaks everything on a panel that is there already. */
export async function breaks(page, canChange) {
    const appendix = readFileSync(join(book, "appendices/troubleshooting.md"), "utf8");
    for (const [fault, name] of Object.entries(errors)) {
        await page.check(`#talk-fault-${fault}`);
        const shown = await outcome(page);
        if (!shown.includes(`${name}: `)) page.wrong(`${fault} ends in ${shown}`);
        const advice = appendix.split(`### ${name}\n`)[1].split("```\n\n")[1].split(/[.:[`]/)[0];
        if (!shown.includes(advice)) page.wrong(`${fault} is not explained by “${advice}” but by ${shown}`);
        const speech = await page.locator(".talk-alexa").last().innerText();
        if (!/Sorry/.test(speech)) page.wrong(`under ${fault} Alexa says ${speech}`);
        await axe(page);
        if (canChange && borne[fault]) {
            await page.fill(`#talk-value-${fault}`, borne[fault]);
            const borneIt = await outcome(page);
            if (!borneIt.includes("the skill bore it")) page.wrong(`${fault} ${borne[fault]} ends in ${borneIt}`);
        }
    }
    const refused = await page.locator(".talk-refused").count();
    if (refused !== (canChange ? 1 : 10)) page.wrong(`${refused} writes are refused`);
    if (canChange) {
        await page.check("#talk-fault-policy");
        await page.fill("#talk-value-policy", "{}");
        await page.click(".talk-controls button[type=submit]");
        const trouble = page.locator(".talk-trouble");
        if (!(await until(async () => /no Statement/.test(await trouble.innerText())))) page.wrong("takes {} for a policy");
    }
}

async function outcome(page) {
    await page.click(".talk-controls button[type=submit]");
    await page.waitForSelector(".talk-result .talk-log-line");
    await page.waitForSelector(".talk-controls[aria-busy=false]");
    const text = await page.locator(".talk-result").innerText();
    // So that the next one is not mistaken for this one.
    await page.evaluate(() => document.querySelector(".talk-result").replaceChildren());
    return text;
}
