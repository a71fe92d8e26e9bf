// The panel of a starter's page: what is said, and beside it what happened.
import { element, milliseconds, unseen } from "./dom.js";
import { Lost } from "./page.js";
import { Skill, atServer, isServed } from "./sources.js";
import { happened } from "./turn.js";
import { faultControls, recordedFaults } from "./faults.js";
import { liveControls } from "./live.js";
import { offer } from "./offer.js";
import { recordedControls } from "./recorded.js";

const names = { alice: "Alice", bob: "Bob", carol: "Carol" };

/** Puts the panel in the place of the text that stands there for readers without scripts. */
export async function mount(place) {
    await styles();
    const log = element("div", { className: "talk-log", role: "group", "aria-label": "Conversation" });
    const hint = element("p", { className: "talk-hint" }, "What was said appears here, and beside it what happened.");
    const answers = element("p", { className: "talk-unseen", "aria-live": "polite" });
    const trouble = element("p", { className: "talk-trouble", role: "alert" });
    const turn = element("div", { className: "talk-turn", role: "region", "aria-label": "What happened" });
    const view = {
        lost: () => false,
        trouble: (text) => {
            trouble.textContent = text;
        },
        clear: () => {
            log.replaceChildren(hint);
            turn.replaceChildren(nothing());
            answers.textContent = "";
        },
        show: (exchange) => {
            hint.remove();
            const see = logged(log, exchange, () => choose(exchange, see));
            choose(exchange, see);
            answers.textContent = exchange.turns.map((said) => `Alexa: ${said.speech || "nothing"}`).join(" ");
            log.scrollTop = log.scrollHeight;
        },
    };
    const choose = (exchange, button) => {
        for (const other of log.querySelectorAll("button")) other.removeAttribute("aria-current");
        button.setAttribute("aria-current", "true");
        turn.replaceChildren(...happened(exchange).filter(Boolean));
    };
    const { starter, faults, atOnce } = place.dataset;
    // The page of faults is recorded under its own name, as its starter has a page and a recording too.
    const [live, recorded, recording] = faults ? [faultControls, recordedFaults, faults] : [liveControls, recordedControls, starter];
    /** Shows one of the three stores: the server, this page, or the recording. */
    const use = (controls, ...above) => {
        view.clear();
        view.trouble("");
        place.replaceChildren(
            ...above, controls.head,
            element("div", { className: "talk-columns" },
                element("div", { className: "talk-said" }, log, answers, trouble, controls.say),
                turn),
            controls.foot);
    };
    if (isServed()) {
        use(await live(new Skill(atServer(starter)), view, "server", atOnce));
    } else {
        const here = await offer(async (page) => {
            const controls = await live(new Skill(page.asks(starter)), view, "page", atOnce);
            use(controls, here.made);
        });
        view.lost = (error) => {
            if (!(error instanceof Lost)) return false;
            here.failed(error);
            recorded(recording, view).then((controls) => use(controls, here.made));
            return true;
        };
        use(await recorded(recording, view), here.made);
    }
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", `Talk to ${starter}`);
    place.classList.add("talk-ready");
}

function nothing() {
    return element("p", { className: "talk-empty" },
        "Each turn is shown here: the request, every call to DynamoDB, the answer, and how the item changed.");
}

/** Puts what was said into the conversation; gives the button that shows how it came about. */
function logged(log, { turns }, onSee) {
    const atOnce = turns.length > 1;
    const lines = turns.flatMap((turn) => [
        turn.opensSession && !atOnce ? element("p", { className: "talk-session" }, "new session") : null,
        element("p", { className: `talk-who talk-at-${turn.device}` }, `${names[turn.user]}, ${turn.device}`),
        element("p", { className: "talk-user" }, turn.said ? `“${turn.said}”` : `(${turn.understood})`),
        element("p", { className: "talk-alexa" }, unseen("Alexa: "), turn.speech || "(nothing is said)"),
        turn.endsSession && !atOnce ? element("p", { className: "talk-session" }, "session ended") : null,
    ]);
    const calls = turns.reduce((sum, turn) => sum + turn.calls.length, 0);
    const took = Math.max(...turns.map((turn) => turn.begins + turn.took));
    const label = `${atOnce ? "Both turns" : "Turn"}: ${milliseconds(took)}, ${calls} call${calls === 1 ? "" : "s"}`;
    const see = element("button", { type: "button", className: "talk-see", onclick: onSee }, label);
    log.append(element("div", { className: "talk-exchange" }, lines, see));
    return see;
}

function styles() {
    const sheet = element("link", { rel: "stylesheet", href: new URL("panel.css", import.meta.url).href });
    return new Promise((done) => {
        sheet.onload = sheet.onerror = done;
        document.head.append(sheet);
    });
}
