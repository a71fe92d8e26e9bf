// Talking to the skill itself.
import { element } from "./dom.js";

/** So many sayings are offered before the list of all intents has to be opened. */
const MOST_OFFERED = 6;

/** How the store that answers is called, and what there is to know about it. */
const STORES = {
    server: ["live, on this machine’s server", "The skill and the DynamoDB run in the process that serves this page. "],
    page: ["live, in this page", "The skill and the DynamoDB run in this page, in this tab: they ask nobody, what they "
        + "remember goes when you leave the page, and another tab has a table of its own. "],
};

/**
 * What a reader says goes to `skill`, which runs in one of the stores. Two devices say the two sentences of `atOnce`,
 * which a bar divides, at the same time; without it, both open the skill.
 */
export async function liveControls(skill, view, store, atOnce) {
    const [badge, aboutStore] = STORES[store];
    let about = await skill.about();
    let busy = false;
    const users = choice("Who", "user", { alice: "Alice", bob: "Bob" }, update);
    const devices = choice("Where", "device", { kitchen: "kitchen", bedroom: "bedroom" }, update);
    const locales = selection("Locale", about.locales.map((known) => known.locale), update);
    const locale = () => about.locales.find((known) => known.locale === locales.value());
    const who = () => ({ user: users.value(), device: devices.value(), locale: locales.value() });
    const isOpen = () => about.sessions.some(({ user, device }) => user === users.value() && device === devices.value());

    const session = element("p", { className: "talk-state" });
    const end = button("End the session", () => play(() => skill.end(who())));
    const reset = button("Start afresh", () => play(async () => {
        about = await skill.reset();
        view.clear();
    }));
    const text = element("input", {
        type: "text", id: "talk-text", maxLength: 200, autocomplete: "off", spellcheck: false, enterKeyHint: "send",
    });
    const form = element("form", { className: "talk-form" },
        element("label", { htmlFor: "talk-text" }, "Say to Alexa"), text,
        element("button", { type: "submit", className: "talk-primary" }, "Say"));
    form.onsubmit = (event) => {
        event.preventDefault();
        const said = text.value.trim();
        if (said) play(async () => {
            const exchange = await skill.say(who(), said);
            text.value = "";
            return exchange;
        });
    };
    const offers = element("div", { className: "talk-offers", role: "group", "aria-label": "Things to say" });
    const pick = picker(() => locale(), (intent, slots) => play(() => skill.choose(who(), intent, slots)));
    const together = bothDevices(() => locale(), atOnce, (kitchen, bedroom) => play(() => skill.atOnce(who(), kitchen, bedroom)));

    async function play(action) {
        if (busy) return;
        busy = true;
        say.setAttribute("aria-busy", "true");
        view.trouble("");
        try {
            const exchange = await action();
            if (exchange) {
                about.sessions = exchange.sessions;
                view.show(exchange);
            }
        } catch (error) {
            if (view.lost(error)) return;
            view.trouble(error.message);
        }
        busy = false;
        update();
        say.setAttribute("aria-busy", "false");
    }

    function update() {
        const open = isOpen();
        session.textContent = open ? "A session is open." : "No session is open.";
        end.setAttribute("aria-disabled", String(!open));
        text.placeholder = open ? "" : locale().open;
        offer(sayings(locale(), open).filter(Boolean));
        pick.update();
        together.update();
    }

    /** Whoever came here by keyboard stays here, though other words are offered now. */
    function offer(words) {
        const focused = offers.contains(document.activeElement) ? document.activeElement.textContent : null;
        const buttons = words.map((said) => button(said, () => play(() => skill.say(who(), said))));
        offers.replaceChildren(...buttons);
        if (focused) (buttons.find((made) => made.textContent === focused) ?? buttons[0]).focus();
    }
    const say = element("div", { className: "talk-controls", "aria-busy": "false" },
        form, offers, element("div", { className: "talk-row" }, session, end),
        pick.made, together.made);
    update();

    return {
        head: element("div", { className: "talk-head" },
            users.made, devices.made, about.locales.length > 1 ? locales.made : null,
            element("p", { className: "talk-badge" }, badge)),
        say,
        foot: element("div", { className: "talk-foot" },
            element("p", {}, `${aboutStore}The panel asks each call what it consumes, which the skill does not; all else `
                + "is sent as the skill sends it. Times are of this machine, not of AWS."),
            reset),
    };
}

/** What can be said now: with no session open, in words that name the skill. */
function sayings(locale, open) {
    if (!open) return [locale.open, locale.ask];
    const isOwn = (intent) => !intent.name.startsWith("AMAZON.");
    // Of the skill's own intents a whole phrase, of Alexa's a word.
    const example = (intent) => (isOwn(intent) && intent.examples.find((said) => said.includes(" "))) || intent.examples[0];
    const understood = locale.intents.filter((intent) => intent.examples.length > 0);
    const leave = understood.filter((intent) => /Stop/.test(intent.name));
    const stay = understood.filter((intent) => !/Stop|Cancel|Home/.test(intent.name));
    return [...stay.slice(0, MOST_OFFERED), ...leave].map(example);
}

/** An intent from a list, with words for its slots. */
function picker(locale, onPick) {
    const name = element("select", { id: "talk-intent" });
    const slots = element("div", { className: "talk-slots" });
    let shown;
    const update = () => {
        if (shown === locale()) return;
        shown = locale();
        name.replaceChildren(...shown.intents.map((intent) => element("option", { value: intent.name }, intent.name)));
        fields();
    };
    const fields = () => {
        const intent = shown.intents.find((known) => known.name === name.value);
        slots.replaceChildren(...intent.slots.map((slot) => {
            const id = `talk-slot-${slot.name}`;
            const words = element("input", { type: "text", id, name: slot.name, value: slot.example, maxLength: 200, autocomplete: "off" });
            return element("p", {}, element("label", { htmlFor: id }, `${slot.name} (${slot.type})`), words);
        }));
    };
    name.onchange = fields;
    const form = element("form", {},
        element("label", { htmlFor: "talk-intent" }, "Intent"), name, slots,
        element("button", { type: "submit" }, "Send"));
    form.onsubmit = (event) => {
        event.preventDefault();
        const filled = [...slots.querySelectorAll("input")].map((input) => [input.name, input.value]);
        onPick(name.value, Object.fromEntries(filled));
    };
    const made = element("details", { className: "talk-more" }, element("summary", {}, "Pick an intent"), form);
    return { made, update };
}

/** Two devices that speak at the same time. */
function bothDevices(locale, atOnce, onSay) {
    const field = (device) => {
        const id = `talk-${device}`;
        const words = element("input", { type: "text", id, maxLength: 200, autocomplete: "off" });
        return [element("p", {}, element("label", { htmlFor: id }, `In the ${device}`), words), words];
    };
    const [one, first] = field("kitchen");
    const [other, second] = field("bedroom");
    const form = element("form", {},
        element("p", {}, "Both turns read before either writes: what a bad moment does by chance, the panel does on purpose."),
        one, other,
        element("button", { type: "submit" }, "Say both at once"));
    form.onsubmit = (event) => {
        event.preventDefault();
        onSay(first.value, second.value);
    };
    let shown;
    const update = () => {
        if (shown === locale()) return;
        shown = locale();
        [first.value, second.value] = atOnce?.split("|") ?? [shown.open, shown.open];
    };
    const made = element("details", { className: "talk-more" }, element("summary", {}, "Two devices at once"), form);
    return { made, update };
}

/** One of two or three, side by side. */
function choice(label, name, options, onChange) {
    const inputs = Object.entries(options).map(([value, text], index) => {
        const id = `talk-${name}-${value}`;
        const input = element("input", { type: "radio", name: `talk-${name}`, id, value, checked: index === 0, onchange: onChange });
        return [input, element("label", { htmlFor: id }, text)];
    });
    const made = element("fieldset", {}, element("legend", {}, label), ...inputs.flat());
    return { made, value: () => inputs.find(([input]) => input.checked)[0].value };
}

function selection(label, options, onChange) {
    const select = element("select", { id: "talk-locale", onchange: onChange },
        options.map((option) => element("option", { value: option }, option)));
    const made = element("p", { className: "talk-locale" }, element("label", { htmlFor: "talk-locale" }, label), select);
    return { made, value: () => select.value };
}

function button(text, onclick) {
    const made = element("button", { type: "button" }, text);
    made.onclick = () => made.getAttribute("aria-disabled") !== "true" && onclick();
    return made;
}
