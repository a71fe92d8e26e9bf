// The ring that a reader plays with. What it shows was recorded: see walk.js.
import { element } from "../../starters/panel/dom.js";
import { picture } from "./draw.js";
import { listed, told, versionsAt } from "./tell.js";
import { load, Walk } from "./walk.js";

const named = (cart) => cart[0].toUpperCase() + cart.slice(1);

/** Puts the ring in the place of the text that stands there for readers without scripts. */
export async function mount(place) {
    const [recording] = await Promise.all([load(), styles()]);
    const walk = new Walk(recording);
    let before = walk.now;
    const drawing = element("div", { className: "ring-drawing" });
    const nodes = element("ul", { className: "ring-nodes", "aria-label": "Nodes" });
    const news = element("div", { className: "ring-news", role: "region", "aria-label": "What happened" });
    const said = element("p", { className: "ring-unseen", "aria-live": "polite" });

    const buttons = [];
    const button = (words, label, can, act, refusal) => {
        const made = element("button", { type: "button", "aria-label": label }, words);
        made.onclick = () => (can() ? act() : tell([refusal()]));
        made.update = () => made.setAttribute("aria-disabled", String(!can()));
        buttons.push(made);
        return made;
    };
    const choice = (words, label, name, cart, refusal) =>
        button(words, label, () => walk.can(name, cart), () => choose(name, cart), () => refusal(walk.now));

    const carts = walk.names.map((cart) => element("div", { className: "ring-row", role: "group", "aria-label": `${named(cart)}’s cart` },
        element("span", { className: "ring-label" }, `${named(cart)}’s cart`),
        choice("Write", `Write: ${named(cart)}’s cart`, "write", cart, full),
        choice("Write twice at once", `Write twice at once: ${named(cart)}’s cart`, "race", cart, full),
        choice("Read", `Read: ${named(cart)}’s cart`, "read", cart, full)));
    const cards = Object.keys(walk.tokens).map((node) => card(node));
    const newcomer = Object.keys(walk.tokens).at(-1);
    const cluster = element("div", { className: "ring-row", role: "group", "aria-label": "The ring" },
        element("span", { className: "ring-label" }, "The ring"),
        choice("Heal", "Heal: every node is back", "heal", undefined, () => "Nothing has failed: there is nothing to heal."),
        choice(`${newcomer} joins`, `${newcomer} joins`, "join", undefined, (now) => (now.down.length
            ? "A node joins when all others run: heal first." : `${newcomer} has joined already.`)));
    const steps = element("div", { className: "ring-row ring-steps", role: "group", "aria-label": "Your steps" },
        button("Undo", "Undo", () => walk.begun, () => back(() => walk.undo(), "One step back."), () => "There is no step to undo."),
        button("Start over", "Start over", () => walk.begun, () => back(() => walk.restart(), "Five nodes that hold nothing."), () => "Nothing was chosen yet."));

    function choose(name, cart) {
        const step = walk.choose(name, cart);
        before = step.before;
        show();
        tell(told(step, walk));
    }

    function back(way, words) {
        way();
        before = walk.now;
        show();
        tell([words]);
    }

    function tell(sentences) {
        news.replaceChildren(element("ol", {}, sentences.map((sentence) => element("li", {}, sentence))));
        said.textContent = sentences.join(" ");
    }

    function show() {
        drawing.replaceChildren(picture(walk.now, before, walk));
        for (const { update } of cards) update();
        for (const made of buttons) made.update();
    }

    /** What a node holds, and what can be done to it. */
    function card(node) {
        const state = element("span", { className: "ring-state" });
        const holds = element("div", { className: "ring-holds" });
        const made = element("li", { className: `ring-card ring-${node}` },
            element("p", { className: "ring-head" }, element("b", {}, node), state), holds,
            element("div", { className: "ring-row" },
                choice("Fail", `Fail: node ${node}`, `fail ${node}`, undefined, (now) => cannotFail(now, node)),
                choice("Take away", `Take away: node ${node}`, `leave ${node}`, undefined, (now) => cannotLeave(now, node))));
        const update = () => {
            const { members, down, carts } = walk.now;
            const there = members.includes(node);
            made.classList.toggle("ring-gone", !there);
            made.classList.toggle("ring-down", down.includes(node));
            state.textContent = !there ? "not in the ring" : down.includes(node) ? "down" : "runs";
            const lines = there ? carts.flatMap((cart) => versionsAt(cart, node).map((held) => line(cart.name, held))) : [];
            holds.replaceChildren(...(lines.length ? [element("ul", {}, lines)] : [element("p", {}, there ? "holds nothing" : "")]));
        };
        nodes.append(made);
        return { update };
    }

    function full(now) {
        return now.carts.length && "The recording puts three items into a cart and no more: undo, or start over.";
    }

    function cannotFail({ members, down }, node) {
        if (!members.includes(node)) return `${node} is not in the ring.`;
        if (down.includes(node)) return `${node} is down already.`;
        if (down.length) return "Two nodes may be down at once, and a third one if it is the last home node of a cart. Heal, or undo.";
        return "The recording has no failures on a ring that was changed: undo, or start over.";
    }

    function cannotLeave({ members, down }, node) {
        if (!members.includes(node)) return `${node} is not in the ring.`;
        if (down.length) return "A node is taken away when all others run: heal first.";
        return "The recording takes one node away: undo, or start over.";
    }

    show();
    tell([`Five nodes with three tokens each, and two carts that nobody has written yet. Alice’s belongs on ${listed(walk.now.carts[0].homes)}. Choose what happens.`]);
    said.textContent = "";
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", "The ring");
    place.classList.add("ring-ready");
    place.replaceChildren(
        element("div", { className: "ring-choices" }, carts, cluster, steps),
        element("div", { className: "ring-columns" }, element("div", { className: "ring-left" }, drawing, news, said), nodes));
}

function line(cart, { dot, past, items, home }) {
    return element("li", { className: home ? "ring-hint" : "" },
        element("span", { className: "ring-whose" }, home ? `for ${home}: ${cart}` : cart), ` {${items.join(", ")}} `,
        element("code", {}, `${dot}${past}`));
}

function styles() {
    const sheet = element("link", { rel: "stylesheet", href: new URL("ring.css", import.meta.url).href });
    return new Promise((done) => {
        sheet.onload = sheet.onerror = done;
        document.head.append(sheet);
    });
}
