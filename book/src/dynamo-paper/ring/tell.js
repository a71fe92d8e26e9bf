// What a choice led to, in sentences.

const named = (cart) => cart[0].toUpperCase() + cart.slice(1);

/** "A", "A and B", "A, B and C". */
export const listed = (words) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

export const versionsAt = (cart, node) => cart.held.filter((held) => held.node === node);

/** The versions that are in the cart, each once. */
export const versionsOf = (held) => [...new Map(held.map((version) => [version.dot, version])).values()];

const shown = ({ items }) => `{${items.join(", ")}}`;

export function told(step, walk) {
    const [what, node] = step.choice.split(" ");
    const cart = step.now.carts.find((cart) => cart.name === step.cart);
    const story = step.stories[step.now.carts.indexOf(cart)];
    return { write, race, read, fail, heal, join, leave }[what]({ ...step, cart, story, node, walk });
}

function write({ before, cart, story, walk }) {
    const item = added(before, cart, walk)[0];
    if (story.endsWith("refused")) return refused(cart, story, `A write of ${named(cart.name)}’s cart`);
    return [
        `${named(cart.name)} puts ${item} into the cart.`,
        ...stored(story, cart, item),
        answered(story, walk.w, "W"),
    ];
}

function race({ before, cart, story, walk }) {
    const items = added(before, cart, walk);
    const parts = story.split("|");
    if (story.endsWith("refused")) return refused(cart, parts[0], `Both writes of ${named(cart.name)}’s cart`);
    return [
        `Two devices of ${named(cart.name)} have read the cart. One adds ${items[0]}, the other ${items[1]}.`,
        ...parts.flatMap((part, place) => stored(part, cart, items[place])),
        `${answered(parts[0], walk.w, "W")} So is the other.`,
        "Neither device has seen the other’s write: the cart has two versions now, and both are kept.",
    ];
}

/** What is in the cart now that was not before; a refused write adds nothing. */
function added(before, cart, walk) {
    const items = (held) => new Set(held.flatMap((version) => version.items));
    const old = items(before.carts.find((other) => other.name === cart.name).held);
    const byWrite = versionsOf(cart.held).filter(({ items }) => items.some((item) => !old.has(item)));
    const fresh = new Set(byWrite.flatMap(({ items }) => items.filter((item) => !old.has(item))));
    return walk.items.filter((item) => fresh.has(item));
}

function stored(story, cart, item) {
    const [coordinator, ...others] = story.split(" ");
    const made = versionsOf(cart.held).find(({ items, dot }) => items.includes(item) && dot.startsWith(`(${coordinator}`));
    const homes = others.filter((word) => !word.includes(">"));
    const sentences = [`${coordinator} coordinates, and stores ${made ? `${shown(made)} as ${made.dot}` : item}.`];
    if (homes.length) sentences.push(`${listed(homes)} ${homes.length > 1 ? "store" : "stores"} it too.`);
    for (const word of others.filter((word) => word.includes(">"))) {
        const [keeper, home] = word.split(">");
        sentences.push(`${home} is down: ${keeper} keeps it, with a hint that it is for ${home}.`);
    }
    return sentences;
}

function answered(story, needed, letter) {
    const nodes = story.split(" ").map((word) => word.split(">")[0]).slice(0, needed);
    const verb = letter === "W" ? "The write is acknowledged" : "The read is answered";
    return `${verb} as soon as ${listed(nodes)} have it: ${letter} is ${needed}.`;
}

function refused(cart, story, what) {
    return [
        `${what} is asked of ${story[0]}, which is no home node of it. Only a home node coordinates.`,
        `${listed(cart.homes)} are down, all of them. It is refused.`,
    ];
}

function read({ cart, story, walk }) {
    const who = named(cart.name);
    if (story.endsWith("refused")) return refused(cart, story, `A read of ${who}’s cart`);
    const [coordinator, ...others] = story.split(" ");
    const versions = versionsOf(versionsAt(cart, coordinator));
    const items = [...new Set(versions.flatMap(({ items }) => items))].sort();
    const nodes = [coordinator, ...others].slice(0, walk.r);
    const sentences = [`${coordinator} coordinates, and asks ${listed([...others].sort())}.`];
    const standIns = nodes.filter((node) => !cart.homes.includes(node));
    for (const node of standIns) sentences.push(`${node} is no home node, and answers with what it keeps for one.`);
    sentences.push(`${listed(nodes)} have answered first: R is ${walk.r}.`);
    if (versions.length === 0) return [...sentences, `${who}’s cart is empty.`];
    if (versions.length === 1) return [...sentences, `${who} sees {${items.join(", ")}}.`];
    return [
        ...sentences,
        `There are ${versions.length} versions, ${listed(versions.map(shown))}, and none has seen the other.`,
        `${who} sees {${items.join(", ")}}. A write that follows this read replaces them all.`,
    ];
}

function fail({ node, now }) {
    const concerned = now.carts.filter((cart) => cart.homes.includes(node));
    return [
        `${node} stops, and keeps what is on its disk. The others notice when they ask it for something.`,
        ...concerned.map((cart) => {
            const left = cart.homes.filter((home) => !now.down.includes(home));
            const rest = left.length ? `${listed(left)} ${left.length > 1 ? "are" : "is"} left` : "none is left";
            return `Of the home nodes of ${named(cart.name)}’s cart ${rest}.`;
        }),
    ];
}

function heal({ before, stories, now }) {
    const back = before.down;
    return [
        `${listed(back)} ${back.length > 1 ? "are" : "is"} back.`,
        ...now.carts.flatMap((cart, place) => given(stories[place], cart)),
        ...(stories.some(Boolean) ? [] : ["Nothing was written meanwhile that they lack."]),
        "Replicas are equal again, and no hint is left.",
    ];
}

function given(story, cart) {
    const what = `${named(cart.name)}’s cart`;
    return story.split(" ").filter(Boolean).map((word) => {
        const [, from, how, to] = /^(.)(.)(.)$/.exec(word);
        if (how === ">") return `${from} hands ${to} what it kept for ${to} of ${what}, and then deletes the hint.`;
        return `${from} and ${to} compare their Merkle trees, and ${to} gets what it lacks of ${what}.`;
    });
}

function join({ before, now, stories }) {
    const newcomer = now.members.find((node) => !before.members.includes(node));
    return [`${newcomer} joins the ring with its tokens, and the news spreads by gossip.`, ...moved(before, now, stories)];
}

function leave({ before, now, stories, node }) {
    return [`${node} is taken away. Its ranges go to the next tokens clockwise.`, ...moved(before, now, stories)];
}

function moved(before, now, stories) {
    return now.carts.flatMap((cart, place) => {
        const old = before.carts[place].homes;
        const what = `${named(cart.name)}’s cart`;
        if (old.join() === cart.homes.join()) return [`${what} stays on ${listed(old)}.`];
        const gone = old.filter((home) => !cart.homes.includes(home));
        const come = cart.homes.filter((home) => !old.includes(home));
        if (come.length === 0) return [`${what} stays on ${listed(cart.homes)}, and ${cart.homes[0]} is first.`];
        const from = stories[place].split(" ").filter((word) => come.includes(word[2])).map((word) => word[0]);
        const copied = from.length ? ` ${listed(come)} gets the versions from ${listed([...new Set(from)])}.` : "";
        return [`${what} belonged on ${listed(old)} and belongs on ${listed(cart.homes)} now: ${listed(come)} for ${listed(gone)}.${copied}`];
    });
}
