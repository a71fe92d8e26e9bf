// Lets Lighthouse judge five pages of the published site.
// Usage: node lighthouse.mjs http://127.0.0.1:PUBLISHED
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const site = process.argv[2];
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
        console.log(`${page}: ${points.join(", ")}`);
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
    chromium.kill();
}
process.exitCode = faults ? 1 : 0;
