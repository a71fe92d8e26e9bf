// The page of faults: what to break, what the skill's log says then, and what the appendix says to that.
import { element } from "./dom.js";
import { recordedOn, recording } from "./sources.js";

const FAULTS = {
    policy: ["The policy", "What the function’s role may do. AWS evaluates it before DynamoDB is asked; here the panel does, as the engine has no IAM."],
    table: ["The table’s name", "What the skill’s builder gets. The table is called VisitCounter."],
    key: ["The key’s name", "The partition key of the table. The skill asks by userId."],
    size: ["The item’s size", "What the skill keeps beside the count, in KiB."],
    writes: ["The write", "How often another request writes after the skill has read and before it writes. A turn runs ten times at most."],
};

const STORES = {
    server: ["live, on this machine’s server", "The turn runs in the process that serves this page. "],
    page: ["live, in this page", "The turn runs in this page, in this tab. "],
};

/** A fault that a reader chooses and changes. */
export async function faultControls(skill, view, store) {
    const [badge, about] = STORES[store];
    return controls(await skill.faults(), (fault) => skill.runWithFault(fault), view, badge, [about], true);
}

/** The faults as they were recorded, which cannot be changed. */
export async function recordedFaults(name, view) {
    const { recorded, faults } = await recording(name);
    const play = async ({ fault }) => faults.find((known) => known.fault.fault === fault).faulty;
    const foot = [`Recorded on ${recordedOn(recorded)} by the code that answers here when `, element("code", {}, "cargo run"),
        " serves this page; then you can change what is broken. "];
    return controls(faults.map(({ fault }) => fault), play, view, "recorded", foot, false);
}

function controls(faults, run, view, badge, foot, canChange) {
    const fields = Object.fromEntries(faults.map(({ fault, value }) => [fault, field(fault, value, canChange)]));
    const shown = element("div", { className: "talk-fault" });
    const result = element("div", { className: "talk-result", role: "status" });
    const button = element("button", { type: "submit", className: "talk-primary" }, "Run the turn");
    const choices = faults.map(({ fault }, index) => {
        const id = `talk-fault-${fault}`;
        const input = element("input", { type: "radio", name: "talk-fault", id, value: fault, checked: index === 0 });
        input.onchange = update;
        return { input, made: element("span", {}, input, element("label", { htmlFor: id }, FAULTS[fault][0])) };
    });
    const chosen = () => choices.find(({ input }) => input.checked).input.value;
    const form = element("form", { className: "talk-controls", "aria-busy": "false" },
        element("fieldset", { className: "talk-faults" }, element("legend", {}, "What to break"), choices.map(({ made }) => made)),
        shown, button, result);

    function update() {
        shown.replaceChildren(fields[chosen()].made);
        result.replaceChildren();
    }
    form.onsubmit = async (event) => {
        event.preventDefault();
        if (form.getAttribute("aria-busy") === "true") return;
        form.setAttribute("aria-busy", "true");
        view.trouble("");
        try {
            const fault = chosen();
            const faulty = await run({ fault, value: fields[fault].value() });
            view.clear();
            view.show(faulty.exchange);
            result.replaceChildren(...await outcome(faulty));
        } catch (error) {
            if (view.lost(error)) return;
            view.trouble(error.message);
        }
        form.setAttribute("aria-busy", "false");
    };
    update();
    return {
        head: element("div", { className: "talk-head" },
            element("p", {}, "Carol opens the visit counter, and something is wrong."),
            element("p", { className: "talk-badge" }, badge)),
        say: form,
        foot: element("div", { className: "talk-foot" },
            element("p", {}, foot, "The skill is told nothing of the fault. Long texts are shown by their beginning.")),
    };
}

function field(fault, value, canChange) {
    const id = `talk-value-${fault}`;
    const number = typeof value === "number";
    const properties = { id, value, readOnly: !canChange, spellcheck: false, autocomplete: "off" };
    const input = fault === "policy"
        ? element("textarea", { ...properties, rows: value.trim().split("\n").length + 2 })
        : element("input", { ...properties, type: number ? "number" : "text", ...(number ? { min: 0, max: fault === "writes" ? 10 : 1000 } : {}) });
    const made = element("div", {}, element("label", { htmlFor: id }, FAULTS[fault][1]), input);
    return { made, value: () => (number ? Number(input.value) : input.value) };
}

async function outcome({ error }) {
    if (!error) return [element("p", { className: "talk-log-line" }, "The log is empty: the skill bore it.")];
    return [
        element("p", { className: "talk-label" }, "In the function’s log"),
        element("p", { className: "talk-log-line" }, element("code", {}, `${error.name}: ${error.message}`)),
        ...await section(error.name),
    ];
}

/** What the appendix says of an error: read from its page, so that it is written once. */
async function section(name) {
    const page = new URL(`${path_to_root}appendices/troubleshooting.html`, document.baseURI);
    const link = element("a", { href: `${page}#${name.toLowerCase()}` }, name);
    const title = element("p", { className: "talk-label" }, "In the appendix, under ", link);
    const response = await fetch(page).catch(() => null);
    if (!response?.ok) return [title];
    const appendix = new DOMParser().parseFromString(await response.text(), "text/html");
    const text = [];
    let next = appendix.getElementById(name.toLowerCase())?.nextElementSibling;
    for (; next && !/^H[1-3]$/.test(next.tagName); next = next.nextElementSibling) {
        // The message itself stands above already.
        if (next.tagName === "P") text.push(document.importNode(next, true));
    }
    for (const link of text.flatMap((paragraph) => [...paragraph.querySelectorAll("a[href]")])) {
        link.href = new URL(link.getAttribute("href"), page).href;
    }
    return [title, ...text];
}
