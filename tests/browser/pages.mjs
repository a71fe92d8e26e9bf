// Opens every page of the guide as readers do, light and dark, on three widths, and says what is wrong.
// Usage: node pages.mjs http://127.0.0.1:PORT
import { axe, browse, until } from "./reader.mjs";

const base = process.argv[2];
const themes = { light: "light", navy: "dark" };
const widths = [1280, 768, 390];

await browse([base], async (reader) => {
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
});

async function open(page, path) {
    await page.goto(`${base}/${path}`);
    // A diagram is drawn when a reader comes near.
    const drawn = () => page.evaluate(() => {
        const diagrams = [...document.querySelectorAll("pre.mermaid")];
        diagrams[0]?.scrollIntoView();
        return diagrams.every((diagram) => diagram.querySelector("svg"));
    });
    if (!(await until(drawn))) page.wrong("leaves a diagram undrawn");
    const panels = await page.locator(".talk[data-starter]").count();
    if (panels === 1) await page.waitForSelector(".talk-ready");
    if (path.endsWith("/ring.html")) await page.waitForSelector(".ring-ready");
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
    await axe(page);
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
