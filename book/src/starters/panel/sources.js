// Where answers come from: the server that `cargo run` starts, this page, or a recording.

/** Whether the page comes from a server that runs the skills: it also reloads the page. */
export const isServed = () =>
    !new URLSearchParams(location.search).has("recorded")
    && [...document.scripts].some((script) => !script.src && script.textContent.includes("live-reload\""));

/** A skill that answers, wherever it runs: `ask` takes an action and what it needs. */
export class Skill {
    #ask;

    constructor(ask) {
        this.#ask = ask;
    }

    about() {
        return this.#ask();
    }

    say(who, text) {
        return this.#ask("say", { ...who, text });
    }

    choose(who, intent, slots) {
        return this.#ask("choose", { ...who, intent, slots });
    }

    atOnce(who, kitchen, bedroom) {
        return this.#ask("at-once", { user: who.user, locale: who.locale, kitchen, bedroom });
    }

    end(who) {
        return this.#ask("end", who);
    }

    reset() {
        return this.#ask("reset", {});
    }

    faults() {
        return this.#ask("faults", {});
    }

    runWithFault(fault) {
        return this.#ask("run-with-fault", fault);
    }
}

/** Asks the server that serves this page. */
export const atServer = (starter) => async (action, body) => {
    const url = new URL(`${path_to_root}talk/${starter}${action ? `/${action}` : ""}`, document.baseURI);
    const options = body && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
    };
    const response = await fetch(url, options).catch(() => {
        throw new Error("The server does not answer: is `cargo run` still running?");
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
};

/** When a recording was made, and with what. */
export function recordedOn({ on, versions }) {
    const date = new Date(on).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return `${date} with ${named.join(", ")},`;
}

/** What a test recorded: the same answers, in the order in which they were given. */
export async function recording(name) {
    const url = new URL(`${path_to_root}starters/recorded/${name}.json`, document.baseURI);
    const response = await fetch(url);
    if (!response.ok) throw new Error("The recording is not there.");
    return response.json();
}
