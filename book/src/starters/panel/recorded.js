// Playing what was recorded: the same skill and table, at another time.
import { element } from "./dom.js";
import { recordedOn, recording } from "./sources.js";

const names = { alice: "Alice", bob: "Bob" };

export async function recordedControls(name, view) {
    const { recorded, exchanges } = await recording(name);
    let next = 0;
    const place = element("p", { className: "talk-state" });
    const say = element("button", { type: "button", className: "talk-primary" });
    const bothDevices = exchanges.findIndex(({ turns }) => turns.length > 1);
    const atOnce = element("button", { type: "button" }, "Two devices at once");
    const again = element("button", { type: "button" }, "Play it again");
    const update = () => {
        place.textContent = `${next} of ${exchanges.length} played.`;
        say.textContent = next < exchanges.length ? announced(exchanges[next]) : "That was all";
        say.setAttribute("aria-disabled", String(next >= exchanges.length));
        atOnce.setAttribute("aria-disabled", String(next > bothDevices));
        again.setAttribute("aria-disabled", String(next === 0));
    };
    say.onclick = () => {
        if (next < exchanges.length) view.show(exchanges[next++]);
        update();
    };
    // What was said before is part of what the two devices find.
    atOnce.onclick = () => {
        while (next <= bothDevices) view.show(exchanges[next++]);
        update();
    };
    again.onclick = () => {
        next = 0;
        view.clear();
        update();
    };
    update();
    return {
        head: element("div", { className: "talk-head" },
            element("p", {}, "A recorded conversation, step by step."),
            element("p", { className: "talk-badge" }, "recorded")),
        say: element("div", { className: "talk-controls" },
            element("div", { className: "talk-next" }, say),
            element("div", { className: "talk-row" }, atOnce, again),
            place),
        foot: element("div", { className: "talk-foot" },
            element("p", {}, `Recorded on ${recordedOn(recorded)} by the code that answers here when `,
                element("code", {}, "cargo run"), " serves this page. Then you can say what you like. Times are of the machine that recorded, not of AWS.")),
    };
}

function announced({ turns }) {
    if (turns.length > 1) return "Two devices at once";
    const [{ user, device, said, understood }] = turns;
    return `${names[user]}, ${device}: ${said ? `“${said}”` : understood}`;
}
