// A way through the recording: every choice leads to a state that the cluster of `dynamo-paper` was in.

/** Loads what `dynamo-paper` recorded. */
export async function load() {
    const response = await fetch(new URL("recorded.json", import.meta.url));
    if (!response.ok) throw new Error("The recording is not there.");
    return response.json();
}

export class Walk {
    #worlds;
    #carts;
    #past = [];

    constructor({ quorum, items, tokens, worlds, carts }) {
        [this.n, this.r, this.w] = quorum;
        this.items = items;
        this.tokens = tokens;
        this.names = carts.map((cart) => cart.name);
        this.turns = carts.map((cart) => cart.turn);
        this.#worlds = worlds;
        this.#carts = carts.map(graph);
        this.now = this.#state(0, carts.map(() => 0));
    }

    /** What may be chosen now: choices about nodes by their name, choices about carts with the cart. */
    can(choice, cart) {
        return this.#next(choice, cart) !== null;
    }

    get begun() {
        return this.#past.length > 0;
    }

    /** Takes the choice; gives what was before, what is now, and a story for each cart that it concerns. */
    choose(choice, cart) {
        const next = this.#next(choice, cart);
        if (!next) return null;
        const before = this.now;
        this.#past.push(before);
        this.now = this.#state(next.world, next.holdings);
        return { choice, cart, before, now: this.now, stories: next.stories };
    }

    undo() {
        this.now = this.#past.pop() ?? this.now;
    }

    restart() {
        if (this.#past.length) this.now = this.#past[0];
        this.#past = [];
    }

    /** The state that follows. A crash is not written down: whoever fails keeps what it holds. */
    #next(choice, cart) {
        const { world, holdings } = this.now;
        const stories = this.#carts.map(() => "");
        if (cart === undefined && choice.startsWith("fail ")) {
            const { members, down } = this.#worlds[world];
            const failed = [...down, choice.slice(5)].sort().join("");
            const found = this.#worlds.findIndex((other) => other.members === members && other.down === failed);
            return found < 0 || down.includes(choice.slice(5)) ? null : { world: found, holdings, stories };
        }
        const about = cart === undefined ? this.#carts.map((_, place) => place) : [this.names.indexOf(cart)];
        const after = [...holdings];
        for (const place of about) {
            const follows = this.#carts[place].follows(world, holdings[place], choice);
            if (!follows) return null;
            [after[place], stories[place]] = follows;
        }
        return { world: cart === undefined ? this.#after(world, choice) : world, holdings: after, stories };
    }

    #after(world, choice) {
        const { members } = this.#worlds[world];
        const [what, node] = choice.split(" ");
        const newcomer = Object.keys(this.tokens).at(-1);
        const changed = { join: members + newcomer, leave: members.replace(node, ""), heal: members }[what];
        return this.#worlds.findIndex((other) => other.members === changed && other.down === "");
    }

    #state(world, holdings) {
        const { members, down, preference } = this.#worlds[world];
        const carts = this.#carts.map((cart, place) => ({
            name: this.names[place],
            preference: [...preference[place]],
            homes: [...preference[place]].slice(0, this.n),
            held: cart.held(holdings[place]),
        }));
        return { world, holdings, members: [...members], down: [...down], carts };
    }
}

/** One cart's states, and what follows from each. */
function graph({ versions, holdings, stories, states: [worlds, held], choices }) {
    const places = new Map(worlds.map((world, state) => [`${world} ${held[state]}`, state]));
    const tables = Object.fromEntries(Object.entries(choices).map(([choice, [distances, after, story]]) => {
        let state = 0;
        return [choice, new Map(distances.map((distance, row) => [state += distance, [after[row], stories[story[row]]]]))];
    }));
    return {
        follows: (world, held, choice) => tables[choice]?.get(places.get(`${world} ${held}`)),
        /** `A0 D1>C`: A holds version 0, D keeps version 1 for C. */
        held: (place) => holdings[place].split(" ").filter(Boolean).map((word) => {
            const [, node, version, home] = /^(.)(\d+)(?:>(.))?$/.exec(word);
            const [dot, past, items] = versions[version];
            return { node, home, dot, past, items: items.split(" ") };
        }),
    };
}
