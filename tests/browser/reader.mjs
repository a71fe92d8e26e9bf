// A browser in the hands of readers, whose pages say what is wrong with them.
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeScript = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// Far more than a page takes, so that only a broken one runs into it.
const patience = 30_000;

/**
 * Runs a check with readers of these sites, then prints what is wrong and ends the process.
 * A reader is made by `reader(theme, scheme, width)`.
 */
export async function browse(sites, check) {
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
        args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            // A site that is not this machine's own.
            "--host-resolver-rules=MAP book.test 127.0.0.1"],
    });
    try {
        await check((...screen) => reader(browser, sites, faults, ...screen));
    } catch (error) {
        faults.push(`error: ${error.message}`);
    } finally {
        await browser.close();
        clearTimeout(watchdog);
    }
    report();
    process.exitCode = faults.length ? 1 : 0;
}

/** A reader with a theme and a screen. */
async function reader(browser, sites, faults, theme, scheme, width) {
    const context = await browser.newContext({
        viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const path = () => sites.reduce((url, site) => url.replace(`${site}/`, ""), page.url());
    page.wrong = (what) => faults.push(`${path()} [${theme}, ${width}] ${what}`);
    page.on("console", (message) => message.type() === "error" && page.wrong(`console: ${message.text()}`));
    page.on("pageerror", (error) => page.wrong(`error: ${error.message}`));
    page.on("request", (request) => {
        const url = request.url();
        const known = sites.some((site) => url.startsWith(`${site}/`));
        if (!known && !/^(data|blob):/.test(url)) page.wrong(`asks ${url}`);
    });
    await page.addInitScript((chosen) => {
        localStorage.getItem("mdbook-theme") ?? localStorage.setItem("mdbook-theme", chosen);
        window.print = () => {};
    }, theme);
    return page;
}

/** Notes what axe finds on the page as it is now. */
export async function axe(page) {
    await page.addScriptTag({ path: axeScript });
    for (const violation of await page.evaluate(async () => (await window.axe.run()).violations)) {
        page.wrong(`axe: ${violation.id}: ${violation.nodes.map((node) => node.target).join(", ")}`);
    }
}

/** Whether the condition comes true. */
export async function until(condition) {
    for (const end = Date.now() + patience; Date.now() < end;) {
        if (await condition()) return true;
    }
    return false;
}
