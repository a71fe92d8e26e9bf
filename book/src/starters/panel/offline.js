// Keeps these pages and what they run, so that a second visit needs no network.

/** Asks the service worker to keep these modules, this page, and the pages of the other starters. */
export async function keepPages(modules) {
    const root = new URL(path_to_root || "./", document.baseURI);
    const { serviceWorker } = navigator;
    if (!serviceWorker) throw new Error("it keeps nothing for pages that did not come over HTTPS");
    await serviceWorker.register(new URL("starters/offline.js", root));
    const { active } = await serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    const kept = new Promise((resolve, reject) => {
        port1.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve());
    });
    active.postMessage({ keep: [...new Set([...ofThisPage(), ...otherPages(root), ...Object.values(modules)])] }, [port2]);
    return kept;
}

function ofThisPage() {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    return [location.href.split(/[?#]/)[0], ...loaded.filter((url) => url.startsWith(location.origin))];
}

/** The pages of the other starters, and their recordings. */
function otherPages(root) {
    const links = [...document.querySelectorAll("#mdbook-sidebar a[href]")].map(({ href }) => href.split("#")[0]);
    return links.filter((href) => href.startsWith(new URL("starters/", root)))
        .flatMap((href) => [href, href.replace(/([^/]+)\.html$/, "recorded/$1.json")])
        // The page of faults reads from it.
        .concat(new URL("appendices/troubleshooting.html", root).href);
}
