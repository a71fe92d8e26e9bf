// The offer to run the starter in the page, on a site that holds what it takes.
import { element } from "./dom.js";
import { keepPages } from "./offline.js";
import { Page, lacks, offered } from "./page.js";

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A button and what becomes of it; `onStart` gets the page when it runs. */
export async function offer(onStart) {
    const site = await offered();
    const made = element("div", { className: "talk-offer" });
    const missing = lacks();
    if (!site) return { made, failed: () => {} };

    const state = element("p", { className: "talk-offer-state", role: "status" });
    const bar = element("progress", { max: site.bytes, value: 0, hidden: true, "aria-label": "Loading" });
    const button = element("button", { type: "button", className: "talk-primary" });
    made.append(button, bar, state);
    const failed = (error) => {
        bar.hidden = true;
        button.hidden = false;
        button.textContent = "Try again in this page";
        state.textContent = `It does not run in this page: ${error.message}. Here is the recording instead.`;
    };
    button.textContent = `Run it in this page (${megabytes(site.bytes)})`;
    state.textContent = "The skill itself, the AWS SDK and a DynamoDB engine. Nothing of it is loaded before.";
    if (missing.length > 0) {
        button.hidden = true;
        state.textContent = `This browser cannot run the skill in the page, as it has no ${missing.join(" and no ")}. Here is the recording.`;
    }
    button.onclick = async () => {
        button.hidden = true;
        bar.hidden = false;
        const progress = (bytes) => {
            const sofar = Math.min(bytes, site.bytes);
            bar.value = sofar;
            state.textContent = `${megabytes(sofar)} of ${megabytes(site.bytes)}`;
        };
        progress(0);
        try {
            await onStart(await Page.start(site, progress));
        } catch (error) {
            failed(error);
            return;
        }
        bar.hidden = true;
        state.textContent = "It runs in this page.";
        await keepPages(site.urls).then(
            () => {
                state.textContent = "It runs in this page, and the next time without a network too.";
            },
            (error) => {
                state.textContent = `It runs in this page, and has to be loaded again the next time: ${error.message}.`;
            });
    };
    return { made, failed };
}
