// Playing what was recorded: the same skill and table, at another time.
import { element } from "./dom.js";
import { recordedOn, recording } from "./sources.js";

const names = { alice: "Alice", bob: "Bob" };

export async function recordedControls(starter, view) {
    const { recorded, scenes } = await recording(starter);
    let next = 0;
    const place = element("p", { className: "talk-state" });
    const say = element("button", { type: "button", className: "talk-primary" });
    const meeting = scenes.findIndex((scene) => scene.turns.length > 1);
    const meet = element("button", { type: "button" }, "Two devices at once");
    const again = element("button", { type: "button" }, "Play it again");
    const update = () => {
        place.textContent = `${next} of ${scenes.length} played.`;
        say.textContent = next < scenes.length ? announced(scenes[next]) : "That was all";
        say.setAttribute("aria-disabled", String(next >= scenes.length));
        meet.setAttribute("aria-disabled", String(next > meeting));
        again.setAttribute("aria-disabled", String(next === 0));
    };
    say.onclick = () => {
        if (next < scenes.length) view.show(scenes[next++]);
        update();
    };
    // What was said before is part of what the two devices find.
    meet.onclick = () => {
        while (next <= meeting) view.show(scenes[next++]);
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
            element("div", { className: "talk-row" }, meet, again),
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
