// Elements made of text only: nothing that a skill says or a table holds is ever read as markup.

/** An element with properties, attributes (`aria-…`, `data-…`, `role`) and children. */
export function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
        if (/^(aria-|data-|role$|for$|lang$)/.test(key)) made.setAttribute(key, value);
        else made[key] = value;
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return made;
}

/** Text that only a screen reader says. */
export const unseen = (text) => element("span", { className: "talk-unseen" }, text);

export const milliseconds = (microseconds) =>
    `${(microseconds / 1000).toFixed(microseconds < 10_000 ? 2 : 1)} ms`;

/** "1 write unit", "0.5 read units". */
export const counted = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** The end of one of Amazon's ids, by which they differ; both ends of any other long text. */
export function shortened(text) {
    const id = /^amzn1\..*?([^.]{1,8})$/.exec(text);
    if (id) return `…${id[1]}`;
    return text.length <= 48 ? text : `${text.slice(0, 30)}…${text.slice(-12)}`;
}

/** What fits on a line of this many characters is not divided. */
const LINE = 56;

/** JSON as a person would break it into lines: `{ "S": "milk" }` stays on one. */
function lines(value, indent = "") {
    const whole = line(value);
    if (typeof value !== "object" || value === null || indent.length + whole.length <= LINE) return whole;
    const inner = `${indent}  `;
    const parts = parted(value, (part) => lines(part, inner)).map((part) => inner + part);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function line(value) {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const parts = parted(value, line).join(", ");
    if (Array.isArray(value)) return `[${parts}]`;
    return parts ? `{ ${parts} }` : "{}";
}

function parted(value, written) {
    if (Array.isArray(value)) return value.map(written);
    return Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${written(part)}`);
}

/** JSON with the colours of the book's listings. */
export function json(value) {
    const text = lines(value);
    const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
    const pieces = [];
    let end = 0;
    for (const match of text.matchAll(token)) {
        pieces.push(text.slice(end, match.index));
        const kind = match[2] ? "name" : match[1] ? "string" : match[3] ? "keyword" : "type";
        const word = match[1] ?? match[0];
        pieces.push(element("span", { className: `talk-${kind}` }, word), match[2] ?? "");
        end = match.index + match[0].length;
    }
    pieces.push(text.slice(end));
    return element("pre", { className: "talk-json" }, pieces);
}
