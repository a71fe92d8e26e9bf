// One turn, or two at once, as they happened: every message in its place in time.
import { counted, element, json, milliseconds, shortened, unseen } from "./dom.js";

const isRefused = (call) => String(call.response.body.__type).endsWith("ConditionalCheckFailedException");
const version = (item) => item?.version?.N;

/** Everything that happened in an exchange. */
export function happened({ turns, item }) {
    const end = Math.max(...turns.map((turn) => turn.begins + turn.took));
    const steps = turns
        .flatMap((turn, lane) => stepsOf(turn).map((step) => ({ ...step, lane, device: turn.device })))
        .sort((one, other) => one.at - other.at);
    const atOnce = turns.length > 1;
    let row = 0;
    const list = steps.map((step, index) => {
        const before = steps[index - 1];
        // What happens next on the right side may stand beside what happened before on the left.
        const beside = before && before.lane < step.lane;
        if (!beside) row += 1;
        return shown(step, { end, atOnce, row });
    });
    return [
        element("p", { className: "talk-sum" }, summary(turns, end)),
        atOnce ? element("p", { className: "talk-story" }, story(turns)) : null,
        element("ol", { className: `talk-steps${atOnce ? " talk-lanes" : ""}` }, list),
        difference(item),
    ];
}

function summary(turns, end) {
    const calls = turns.flatMap((turn) => turn.calls);
    const units = (operation) => calls
        .filter((call) => call.operation === operation && call.consumed)
        .reduce((sum, call) => sum + call.consumed.units, 0);
    const [reads, writes] = [units("GetItem"), units("PutItem")];
    const parts = [`${milliseconds(end)} in all`];
    if (calls.length === 0) parts.push("the table is not asked");
    if (reads) parts.push(counted(reads, "read unit"));
    if (writes) parts.push(counted(writes, "write unit"));
    return parts.join(" · ");
}

function story(turns) {
    const refused = turns.find((turn) => turn.calls.some(isRefused));
    if (!refused) return "No write was refused: at most one of the two turns wrote.";
    const other = turns.find((turn) => turn !== refused);
    return `Both devices read the same item. The ${other.device} wrote first, so the condition of the `
        + `${refused.device}’s write no longer held: it was refused, and its turn ran again on what is there now.`;
}

function stepsOf(turn) {
    const steps = [{ at: turn.begins, kind: "request", turn }];
    turn.calls.forEach((call, index) => steps.push({ at: call.begins, kind: "call", call, turn, index }));
    steps.push({ at: turn.begins + turn.took, kind: "response", turn });
    return steps;
}

function shown(step, { end, atOnce, row }) {
    const { head, text, cost, note, inside, state } = { request, call, response }[step.kind](step);
    const place = element("span", { className: "talk-at" }, milliseconds(step.at));
    const title = element("span", { className: "talk-title" }, head);
    const device = atOnce ? element("span", { className: "talk-device" }, step.device) : null;
    const summary = element("summary", {}, device, title, place,
        element("span", { className: "talk-text" }, text),
        cost ? element("span", { className: "talk-cost" }, cost) : null);
    const made = element("li", { className: `talk-step talk-${step.kind} talk-lane-${step.lane} ${state ?? ""}` });
    made.style.setProperty("--row", row);
    made.append(element("details", {}, summary, element("div", { className: "talk-inside" }, inside)));
    if (note) made.append(element("p", { className: "talk-note" }, note));
    if (step.kind === "call") made.append(bar(step.call, end));
    return made;
}

/** How long the call took within the whole, for the eye. */
function bar(call, end) {
    const part = element("span");
    part.style.marginInlineStart = `${(100 * call.begins) / end}%`;
    part.style.inlineSize = `max(2px, ${(100 * call.took) / end}%)`;
    return element("div", { className: "talk-bar", "aria-hidden": "true" }, part);
}

function request({ turn }) {
    const { request, session } = turn.request;
    const slots = Object.values(request.intent?.slots ?? {}).map((slot) => {
        const values = slot.slotValue?.values?.map((value) => value.value);
        const value = values?.join(", ") ?? slot.value;
        return `${slot.name} = ${value ?? "nothing"}`;
    });
    const attributes = Object.keys(session.attributes ?? {}).length > 0;
    const text = [
        turn.understood === request.type ? null : request.type,
        ...slots,
        session.new ? "new session" : "the session goes on",
        attributes ? "with its attributes" : null,
    ];
    return { head: turn.understood, text: text.filter(Boolean).join(" · "), inside: json(turn.request) };
}

function response({ turn }) {
    const ends = turn.endsSession ? "the session ends" : "the session stays open";
    const text = [turn.speech ? `“${turn.speech}”` : "nothing is said", ends].join(" · ");
    return { head: "Response", text, inside: json(turn.response) };
}

function call({ call, turn, index }) {
    const { operation, response, consumed } = call;
    const unit = operation === "GetItem" ? "read unit" : "write unit";
    const units = consumed && counted(consumed.units, unit);
    const byRule = consumed?.toldBy === "rule";
    const cost = [milliseconds(call.took), byRule ? `${units} by the rule` : units];
    const inside = [message("Request", call.request), message("Answer", response)];
    if (byRule) {
        inside.push(element("p", {}, "DynamoDB charges a refused write by the size of the item. "
            + "Its answer does not say so: the number of units is computed here."));
    }
    return {
        head: operation,
        text: outcome(call),
        cost: cost.filter(Boolean).join(" · "),
        note: note(call, turn, index),
        inside,
        state: isRefused(call) ? "talk-refused" : "",
    };
}

function outcome({ operation, request, response }) {
    const status = Number.parseInt(response.start, 10);
    if (isRefused({ response })) {
        const there = version(response.body.Item);
        return `${condition(request.body)}: refused, as ${there ? `version ${there}` : "another item"} is there`;
    }
    if (status !== 200) return `${String(response.body.__type ?? "failed").split("#").pop()} (${status})`;
    if (operation === "GetItem") {
        const { Item: item } = response.body;
        return item ? `version ${version(item) ?? "unknown"}` : "no item yet";
    }
    if (operation === "PutItem") return `${condition(request.body)}: written as version ${version(request.body.Item)}`;
    return "done";
}

/** What has to be true for the write to happen. */
function condition({ ConditionExpression: expression, ExpressionAttributeValues: values }) {
    if (!expression) return "whatever is there";
    const read = values?.[":version"]?.N;
    return read ? `if version ${read} is still there` : "if there is still no item";
}

function note(call, turn, index) {
    const notes = [];
    if (call.held >= 100 && call.operation === "PutItem") {
        notes.push(`Held by the panel for ${milliseconds(call.held)}, until the other turn was done.`);
    }
    if (call.held >= 100 && call.operation === "GetItem") {
        notes.push(`Held by the panel for ${milliseconds(call.held)}, until the other turn had read too.`);
    }
    if (isRefused(call) && turn.calls[index + 1]) notes.push("The handler runs again, on fresh data.");
    return notes.join(" ");
}

function message(label, { start, headers, body }) {
    const line = ([name, value]) => `${name}: ${value}\n`;
    const telling = headers.filter(([name]) => name === "x-amz-target");
    const others = headers.filter(([name]) => name !== "x-amz-target");
    return element("div", { className: "talk-message" },
        element("p", { className: "talk-label" }, label),
        element("pre", { className: "talk-headers" }, `${start}\n`, ...telling.map(line)),
        element("details", { className: "talk-more" },
            element("summary", {}, counted(others.length, telling.length ? "more header" : "header")),
            element("pre", { className: "talk-headers" }, ...others.map(line))),
        json(body));
}

/** More lines than this are counted when they did not change. */
const MOST_UNCHANGED = 6;

function difference(lines) {
    if (lines.length === 0) return element("p", { className: "talk-empty" }, "The table holds no item of this user.");
    const changed = lines.filter((line) => line.changed);
    const unchanged = lines.length - changed.length;
    const rows = unchanged > MOST_UNCHANGED ? lines.filter((line) => line.changed || line.path === "userId") : lines;
    const left = lines.length - rows.length;
    const caption = changed.length === 0 ? "The user’s item did not change" : "The user’s item, before and after";
    const columns = ["Attribute", "Before", "After"].map((name) => element("th", { scope: "col" }, name));
    const body = rows.map((line) => element("tr", { className: line.changed ? "talk-changed" : "" },
        element("th", { scope: "row" }, line.path, line.changed ? unseen(", changed") : null),
        line.changed ? [cell(line.before), cell(line.after)] : cell(line.after, 2)));
    if (left > 0) {
        body.push(element("tr", {}, element("td", { colSpan: 3 }, `${counted(left, "more value")} did not change`)));
    }
    return element("table", { className: "talk-item" },
        element("caption", {}, caption),
        element("thead", {}, element("tr", {}, columns)),
        element("tbody", {}, body));
}

/** What did not change is said once, for both columns. */
function cell(leaf, colSpan = 1) {
    if (!leaf) return element("td", { className: "talk-absent" }, "–", unseen("not there"));
    const type = element("span", { className: "talk-kind" }, leaf.type);
    return element("td", { title: leaf.text, colSpan }, type, " ", shortened(leaf.text));
}
