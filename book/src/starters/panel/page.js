// The starters in this very page: a Worker that runs the skills and a DynamoDB engine.

/** So long the Worker may take for an answer, or to get on with loading. */
const PATIENCE = 20_000;

/** The Worker does not answer any more, or never did. */
export class Lost extends Error {}

/** What the site holds to run a starter in the page; null where it was built without. */
export async function offered() {
    const folder = new URL(`${path_to_root}starters/browser/`, document.baseURI);
    const response = await fetch(new URL("manifest.json", folder)).catch(() => null);
    const files = response?.ok ? (await response.json()).files : null;
    if (!files) return null;
    const urls = Object.fromEntries(Object.entries(files).map(([part, { name }]) => [part, new URL(name, folder).href]));
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    return { urls, bytes, worker: files.worker.bytes };
}

/** What this browser lacks to run it; empty when it lacks nothing. */
export function lacks() {
    const needed = { WebAssembly: "object", Worker: "function" };
    return Object.keys(needed).filter((name) => typeof globalThis[name] !== needed[name]);
}

/** Both the skills and the engine, started. One serves every starter. */
export class Page {
    #worker;
    #onLost;
    #waiting = new Map();
    #asked = 0;
    #over = null;

    /** Loads everything; `onProgress` hears how many bytes there are so far. */
    static async start({ urls, worker }, onProgress) {
        const page = new Page();
        await page.#load(urls, (loaded) => onProgress(worker + loaded));
        return page;
    }

    #load(urls, onProgress) {
        return new Promise((resolve, reject) => {
            let patience;
            const fail = (reason) => {
                clearTimeout(patience);
                this.#end(reason);
                reject(this.#over);
            };
            const wait = () => {
                clearTimeout(patience);
                patience = setTimeout(fail, PATIENCE, "it stopped loading");
            };
            this.#onLost = fail;
            this.#worker = new Worker(urls.worker, { type: "module" });
            this.#worker.onerror = (event) => this.#onLost(event.message || "its Worker cannot be loaded");
            this.#worker.onmessageerror = () => this.#onLost("its Worker cannot be understood");
            this.#worker.onmessage = ({ data }) => {
                if (data.failed) return this.#onLost(data.failed);
                if (data.id) return this.#waiting.get(data.id)?.(data);
                if (!data.ready) {
                    onProgress(data.loaded);
                    return wait();
                }
                clearTimeout(patience);
                this.#onLost = (reason) => this.#end(reason);
                return resolve();
            };
            this.#worker.postMessage({ files: urls });
            wait();
        });
    }

    /** Asks a starter, as `atServer` does. */
    asks(starter) {
        return async (action, body) => {
            const { status, body: said } = await this.#answer({ starter, action, body: body ? JSON.stringify(body) : "" });
            const answer = JSON.parse(said);
            if (status !== 200) throw new Error(answer.error);
            return answer;
        };
    }

    #answer(request) {
        if (this.#over) return Promise.reject(this.#over);
        this.#asked += 1;
        const id = this.#asked;
        return new Promise((resolve, reject) => {
            const patience = setTimeout(() => this.#end("it does not answer any more"), PATIENCE);
            this.#waiting.set(id, (answer) => {
                clearTimeout(patience);
                this.#waiting.delete(id);
                if (this.#over) reject(this.#over);
                else resolve(answer);
            });
            this.#worker.postMessage({ id, ...request });
        });
    }

    /** Gives up, and tells everybody who waits. */
    #end(reason) {
        this.#over ??= new Lost(reason);
        this.#worker.terminate();
        for (const done of [...this.#waiting.values()]) done();
    }
}
