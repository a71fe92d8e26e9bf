// The ring as a picture: tokens, ranges, and the way from each cart to its nodes.

const SPACE = "http://www.w3.org/2000/svg";
const SIZE = 420;
const CENTRE = SIZE / 2;
const RANGES = 148;
const LETTERS = 184;
/** Each cart's way has a radius of its own. */
const WAYS = [118, 94];
/** Letters of tokens that are neighbours are moved so far apart, as a share of the way around. */
const APART = 0.017;

function shape(name, attributes, ...children) {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
}

const point = (turn, radius) => {
    const angle = 2 * Math.PI * turn;
    return [CENTRE + radius * Math.sin(angle), CENTRE - radius * Math.cos(angle)].map((number) => number.toFixed(1));
};

/** Clockwise from one place to another. */
function arc(from, to, radius) {
    const share = (to - from + 1) % 1 || 1;
    return `M ${point(from, radius).join(" ")} A ${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${point(to, radius).join(" ")}`;
}

/** The tokens of these nodes, clockwise. */
export function tokensOf(members, tokens) {
    return members
        .flatMap((node) => tokens[node].map((turn) => ({ node, turn })))
        .sort((one, other) => one.turn - other.turn);
}

/** Whose token ends the range in which a place lies. */
const owner = (ring, turn) => (ring.find((token) => token.turn >= turn) ?? ring[0]).node;

export function picture(state, before, walk) {
    const ring = tokensOf(state.members, walk.tokens);
    const old = tokensOf(before.members, walk.tokens);
    const isDown = (node) => state.down.includes(node);
    const ranges = ring.map(({ node, turn }, place) => {
        const begin = ring.at(place - 1).turn;
        const range = [shape("path", {
            d: arc(begin, turn, RANGES), class: `ring-range ring-${node}${isDown(node) ? " ring-down" : ""}`,
        })];
        // Of a range that was divided, the middle says who had this part of it.
        const middle = (begin + ((turn - begin + 1) % 1) / 2) % 1;
        if (owner(old, middle) !== node) range.push(shape("path", { d: arc(begin, turn, RANGES + 15), class: "ring-moved" }));
        return range;
    });
    const letters = spread(ring).map(({ node, turn, at }) => [
        shape("path", { d: `M ${point(turn, RANGES - 10).join(" ")} L ${point(turn, RANGES + 12).join(" ")} L ${point(at, LETTERS - 12).join(" ")}`, class: "ring-tick" }),
        text(node, point(at, LETTERS), `ring-letter ring-${node}${isDown(node) ? " ring-down" : ""}`),
    ]);
    const ways = state.carts.map((cart, place) => way(cart, walk.turns[place], WAYS[place], ring, isDown));
    return shape("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "ring-picture", role: "img", "aria-label": described(state, ring) },
        ...ranges.flat(), ...letters.flat(), ...ways.flat());
}

/** From the cart clockwise, to the first token of each of its home nodes. */
function way(cart, turn, radius, ring, isDown) {
    const start = ring.findIndex((token) => token.turn >= turn);
    const onward = [...ring.slice(start), ...ring.slice(0, start)];
    const stops = cart.homes.map((home) => onward.find((token) => token.node === home));
    const keepers = [...new Set(cart.held.filter((held) => held.home).map((held) => held.node))]
        .map((node) => onward.find((token) => token.node === node));
    const has = (node) => cart.held.some((held) => held.node === node && !held.home);
    const [x, y] = point(turn, radius);
    return [
        shape("path", { d: arc(turn, stops.at(-1).turn, radius), class: "ring-way" }),
        ...keepers.map(({ turn: far }) => shape("path", { d: arc(stops.at(-1).turn, far, radius), class: "ring-to" })),
        ...stops.map(({ turn }) => shape("path", {
            d: `M ${point(turn, radius).join(" ")} L ${point(turn, RANGES - 10).join(" ")}`, class: "ring-to",
        })),
        ...stops.flatMap(({ node, turn }) => {
            const [cx, cy] = point(turn, radius);
            const state = `${has(node) ? " ring-has" : ""}${isDown(node) ? " ring-down" : ""}`;
            return [shape("circle", { cx, cy, r: 8.5, class: `ring-stop ring-${node}${state}` }), text(node, [cx, cy], `ring-name${state}`)];
        }),
        ...keepers.flatMap(({ node, turn }) => {
            const [cx, cy] = point(turn, radius);
            return [shape("circle", { cx, cy, r: 8.5, class: `ring-keeper ring-${node}` }), text(node, [cx, cy], "ring-name")];
        }),
        shape("rect", { x: x - 6, y: y - 6, width: 12, height: 12, transform: `rotate(45 ${x} ${y})`, class: "ring-cart" }),
        text(cart.name, point(turn, radius - 26), "ring-cart-name"),
    ];
}

function text(words, [x, y], name) {
    return shape("text", { x, y, class: name, "text-anchor": "middle", "dominant-baseline": "central" }, words);
}

/** Where the letters stand: at their tokens, or a little aside where tokens are too near. */
function spread(ring) {
    const letters = ring.map((token) => ({ ...token, at: token.turn }));
    for (let round = 0; round < 60; round += 1) {
        letters.forEach((letter, place) => {
            const next = letters[(place + 1) % letters.length];
            const gap = (next.at - letter.at + 1.5) % 1 - 0.5;
            if (gap >= APART * 1.6) return;
            const push = (APART * 1.6 - gap) / 2;
            letter.at -= push;
            next.at += push;
        });
    }
    return letters;
}

function described(state, ring) {
    const homes = state.carts.map((cart) => `the cart of ${cart.name} belongs on ${cart.homes.join(", ")}`);
    const down = state.down.length ? ` Down: ${state.down.join(", ")}.` : "";
    return `A ring with the tokens ${ring.map((token) => token.node).join(" ")} clockwise; ${homes.join("; ")}.${down}`;
}
