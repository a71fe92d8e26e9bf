// The starters that a reader can talk to: those with a panel on a page of the book.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const pages = join(fileURLToPath(import.meta.url), "../../../book/src/starters");
// The page of faults shows a starter that has a page of its own.
const panel = /<div class="talk" data-starter="([^"]+)"(?![^>]* data-faults)/;

export const starters = readdirSync(pages)
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => readFileSync(join(pages, name), "utf8").match(panel)?.[1] ?? []);
