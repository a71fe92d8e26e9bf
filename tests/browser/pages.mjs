// Opens every page of the guide as readers do, light and dark, on three widths, and says what is wrong.
// Usage: node pages.mjs http://127.0.0.1:PORT
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const base = process.argv[2];
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const themes = { light: "light", navy: "dark" };
const widths = [1280, 768, 390];
// Far more than a page takes, so that only a broken one runs into it.
const patience = 30_000;

const faults = [];
const report = () => [...new Set(faults)].forEach((fault) => console.log(fault));
const watchdog = setTimeout(() => {
    report();
    console.log("the browser does not come to an end");
    process.exit(1);
}, 20 * 60_000);
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Chromium calls home unless it is told not to, and as root it has no sandbox.
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
    const contents = await (await fetch(`${base}/toc.html`)).text();
    const chapters = [...contents.matchAll(/href="([^"#]+\.html)"/g)].map((match) => match[1]);
    const paths = [...new Set(["index.html", "404.html", "print.html", ...chapters])];
    for (const [theme, scheme] of Object.entries(themes)) {
        for (const width of widths) {
            const page = await reader(theme, scheme, width);
            for (const path of paths) await look(page, path);
            await page.context().close();
        }
    }
    for (const check of [arrowKeysStay, sidebarHasAKey, themeRedraws]) {
        const page = await reader("light", "light", 1280);
        await check(page, paths).catch((error) => page.wrong(`error: ${error.message}`));
        await page.context().close();
    }
    console.log(`${paths.length} pages in ${Object.keys(themes).length} themes and ${widths.length} widths`);
} catch (error) {
    faults.push(`error: ${error.message}`);
} finally {
    await browser.close();
    clearTimeout(watchdog);
}
report();
process.exitCode = faults.length ? 1 : 0;

/** A reader with a theme and a screen, whose page says what is wrong with it. */
async function reader(theme, scheme, width) {
    const context = await browser.newContext({
        viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.wrong = (what) => faults.push(`${page.url().slice(base.length + 1)} [${theme}, ${width}] ${what}`);
    page.on("console", (message) => message.type() === "error" && page.wrong(`console: ${message.text()}`));
    page.on("pageerror", (error) => page.wrong(`error: ${error.message}`));
    page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(`${base}/`) && !/^(data|blob):/.test(url)) page.wrong(`asks ${url}`);
    });
    await page.addInitScript((chosen) => {
        localStorage.getItem("mdbook-theme") ?? localStorage.setItem("mdbook-theme", chosen);
        window.print = () => {};
    }, theme);
    return page;
}

async function open(page, path) {
    await page.goto(`${base}/${path}`);
    const drawn = () => page.evaluate(() =>
        [...document.querySelectorAll("pre.mermaid")].every((diagram) => diagram.querySelector("svg")));
    if (!(await until(drawn))) page.wrong("leaves a diagram undrawn");
}

async function look(page, path) {
    await open(page, path);
    const diagrams = await page.locator("pre.mermaid").count();
    const described = await page.locator("pre.mermaid svg[aria-labelledby][aria-describedby]").count();
    if (described !== diagrams) page.wrong(`describes ${described} of ${diagrams} diagrams`);
    // The content has a scroll bar of its own, which the document does not show.
    const sideways = await page.evaluate(() => Math.max(
        ...[document.documentElement, document.getElementById("mdbook-content")]
            .map((element) => element.scrollWidth - element.clientWidth)));
    if (sideways > 0) page.wrong(`scrolls sideways by ${sideways} px`);
    await page.addScriptTag({ path: axe });
    for (const violation of await page.evaluate(async () => (await window.axe.run()).violations)) {
        page.wrong(`axe: ${violation.id}: ${violation.nodes.map((node) => node.target).join(", ")}`);
    }
}

async function arrowKeysStay(page, paths) {
    await open(page, paths.at(-2));
    let turned = false;
    // Chromium may hang when it is closed on its way to another page: no content keeps it on this one.
    await page.route("**/*", (route) => {
        if (!route.request().isNavigationRequest()) return route.continue();
        turned = true;
        return route.fulfill({ status: 204 });
    });
    for (const key of ["ArrowLeft", "ArrowRight"]) await page.keyboard.press(key);
    // What the keys began is done when the page answers.
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    if (turned) page.wrong("an arrow key turns the page");
}

async function sidebarHasAKey(page, paths) {
    await open(page, paths[0]);
    const button = page.locator(".left-buttons > button").first();
    await button.focus();
    for (const expanded of ["false", "true"]) {
        await page.keyboard.press("Enter");
        const state = await button.getAttribute("aria-expanded");
        if (state !== expanded) page.wrong(`the sidebar's button says ${state} for ${expanded}`);
    }
}

async function themeRedraws(page, paths) {
    for (const path of paths) {
        await open(page, path);
        const shape = page.locator("pre.mermaid svg :is(rect, path, polygon)").first();
        if ((await shape.count()) === 0) continue;
        const fill = () => shape.evaluate((drawn) => getComputedStyle(drawn).fill);
        const light = await fill();
        await page.click("#mdbook-theme-toggle");
        await page.click("#mdbook-theme-navy");
        const changed = async () => (await shape.count()) > 0 && (await fill()) !== light;
        if (!(await until(changed))) page.wrong("a diagram keeps its colours in the dark");
        return;
    }
}

async function until(condition) {
    for (const end = Date.now() + patience; Date.now() < end;) {
        if (await condition()) return true;
    }
    return false;
}
