// Lets Lighthouse judge five pages of the published site.
// Usage: node lighthouse.mjs http://127.0.0.1:PUBLISHED
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { host } from "./host.mjs";

const [site, close] = await host(process.argv[2]);
const pages = [
    "index.html", "integration/one-line.html", "starters/visit-counter.html", "dynamo-paper/gossip.html",
    "appendices/troubleshooting.html",
];
// A time depends on the machine: the performance is told, the rest is asked for.
const asked = ["accessibility", "best-practices", "seo"];

const chromium = await launch({
    chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    chromeFlags: [
        "--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
});
let faults = 0;
try {
    for (const page of pages) {
        const options = { port: chromium.port, onlyCategories: ["performance", ...asked], logLevel: "error" };
        const { lhr } = await lighthouse(`${site}/${page}`, options);
        const points = Object.values(lhr.categories).map(({ id, score }) => `${id} ${Math.round(score * 100)}`);
        const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]
            .map((name) => `${name} ${lhr.audits[name].displayValue}`);
        const { benchmarkIndex } = lhr.environment;
        console.log(`${page}: ${points.join(", ")}; ${times.join(", ")}; benchmark index ${benchmarkIndex}`);
        if (process.env.OPPORTUNITIES) opportunities(lhr);
        const shift = lhr.audits["cumulative-layout-shift"].numericValue;
        if (shift > 0.05) {
            faults += 1;
            console.log(`${page}: the layout shifts by ${shift}`);
        }
        for (const id of asked) {
            for (const { id: name, weight } of lhr.categories[id].auditRefs) {
                const { score, title } = lhr.audits[name];
                if (weight === 0 || score === null || score === 1) continue;
                faults += 1;
                console.log(`${page}: ${name}: ${title}`);
            }
        }
    }
} finally {
    close();
    chromium.kill();
}
process.exitCode = faults ? 1 : 0;

/** What would make the page quicker, for whoever asks. */
function opportunities({ audits }) {
    for (const { id, score, displayValue, metricSavings, details } of Object.values(audits)) {
        if (score === null || score >= 0.9 || !metricSavings) continue;
        const items = (details?.items ?? []).slice(0, 6).map((item) => item.url ?? item.label ?? item.node?.selector ?? "");
        console.log(`    ${id}: ${displayValue ?? ""} ${JSON.stringify(metricSavings)} ${items.join(" ")}`);
    }
}
