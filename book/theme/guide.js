"use strict";

// mdBook's button for the sidebar is a label, which no key reaches. A real button stands in for it.
(function sidebarButton() {
    const label = document.getElementById("mdbook-sidebar-toggle");
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    button.title = label.title;
    button.append(...label.children);
    button.addEventListener("click", () => label.click());
    const mirror = () => {
        for (const name of ["aria-controls", "aria-expanded", "aria-label"]) {
            button.setAttribute(name, label.getAttribute(name));
        }
    };
    mirror();
    new MutationObserver(mirror).observe(label, { attributeFilter: ["aria-expanded"] });
    label.before(button);
    label.hidden = true;
    document.getElementById("mdbook-menu-bar").setAttribute("role", "banner");
})();

// Arrow keys move a caret, a scroll bar and a screen reader; they do not turn pages.
(function arrowKeys() {
    const turnsPages = (event) => event.key === "ArrowLeft" || event.key === "ArrowRight";
    window.addEventListener("keydown", (event) => turnsPages(event) && event.stopPropagation(), true);
    for (const link of document.querySelectorAll("[aria-keyshortcuts=Left], [aria-keyshortcuts=Right]")) {
        link.removeAttribute("aria-keyshortcuts");
    }
    for (const line of document.querySelectorAll("#mdbook-help-popup p")) {
        if (line.textContent.includes("→")) line.remove();
    }
})();

// The guide has one light and one dark look; a theme that was chosen in another book stays in the list.
(function themes() {
    for (const name of ["rust", "coal", "ayu"]) {
        const button = document.getElementById(`mdbook-theme-${name}`);
        if (!document.documentElement.classList.contains(name)) button.parentElement.remove();
    }
    document.getElementById("mdbook-theme-navy").textContent = "Dark";
})();

// What scrolls sideways can be scrolled with the keyboard too.
(function scrollable() {
    const reach = () => {
        for (const [selector, label] of [["pre > code", "Code"], [".table-wrapper", "Table"], ["pre.mermaid", "Diagram"], ["figure", "Picture"]]) {
            for (const element of document.querySelectorAll(`main ${selector}`)) {
                if (element.scrollWidth <= element.clientWidth) {
                    element.removeAttribute("tabindex");
                } else if (!element.hasAttribute("tabindex")) {
                    element.tabIndex = 0;
                    element.setAttribute("role", "group");
                    element.setAttribute("aria-label", `${label}, scrolls sideways`);
                }
            }
        }
    };
    new ResizeObserver(reach).observe(document.querySelector("main"));
})();

// What a page can do beyond being read is loaded with that page; the page for printing holds all of them.
(function parts() {
    for (const [selector, module] of [[".talk[data-starter]", "starters/panel/panel.js"], [".ring", "dynamo-paper/ring/ring.js"]]) {
        const places = document.querySelectorAll(selector);
        if (places.length !== 1 || document.querySelectorAll("main h1").length !== 1) continue;
        import(new URL(path_to_root + module, document.baseURI))
            .then(({ mount }) => mount(places[0]))
            // Without the part, the text in its place stays, in a place of its own height.
            .catch((error) => {
                places[0].classList.add("failed");
                console.warn(`${module} cannot be shown: ${error.message}`);
            });
    }
})();

// Diagrams take their colours from the page, and are drawn again when these change.
(function diagrams() {
    const diagrams = [...document.querySelectorAll("pre.mermaid")];
    if (diagrams.length === 0) return;
    const sources = diagrams.map((diagram) => diagram.textContent);
    // A wide diagram scrolls on a phone, where it would else be too small to read.
    const readable = 520;

    const colours = () => {
        const style = getComputedStyle(document.documentElement);
        const colour = (name) => style.getPropertyValue(`--${name}`).trim();
        return {
            darkMode: style.colorScheme === "dark",
            background: colour("bg"),
            primaryColor: colour("quote-bg"),
            primaryBorderColor: colour("links"),
            primaryTextColor: colour("fg"),
            lineColor: colour("soft"),
            textColor: colour("fg"),
            secondaryColor: colour("panel-head"),
            tertiaryColor: colour("panel"),
            noteBkgColor: colour("panel-head"),
            noteTextColor: colour("fg"),
            noteBorderColor: colour("line"),
            edgeLabelBackground: colour("bg"),
            fontFamily: style.fontFamily,
            fontSize: "15px",
        };
    };

    const draw = async () => {
        mermaid.initialize({
            startOnLoad: false, securityLevel: "strict", theme: "base", themeVariables: colours(),
        });
        diagrams.forEach((diagram, index) => {
            diagram.removeAttribute("data-processed");
            diagram.textContent = sources[index];
        });
        await mermaid.run({ nodes: diagrams });
        for (const svg of document.querySelectorAll("pre.mermaid svg")) {
            svg.style.minWidth = `${Math.min(svg.viewBox.baseVal.width, readable)}px`;
        }
    };

    let drawn = null;
    let drawing = Promise.resolve();
    const begin = () => {
        drawn = colours().background;
        drawing = draw();
        new MutationObserver(() => {
            if (colours().background === drawn) return;
            drawn = colours().background;
            drawing = drawing.then(draw);
        }).observe(document.documentElement, { attributeFilter: ["class"] });
    };
    const failed = () => {
        // Without mermaid the source still says what the diagram shows.
        diagrams.forEach((diagram) => diagram.setAttribute("data-processed", "false"));
    };

    // mermaid weighs more than all the rest of a page: the text comes first. It is loaded when a diagram
    // is near, or when the browser has nothing else to do.
    const url = `${path_to_root}mermaid/mermaid.min.js`;
    let loading = false;
    const load = () => {
        if (loading) return;
        loading = true;
        near.disconnect();
        const script = document.createElement("script");
        script.src = url;
        script.onload = () => drawn ?? begin();
        script.onerror = failed;
        document.head.append(script);
    };
    const near = new IntersectionObserver(
        (seen) => seen.some((diagram) => diagram.isIntersecting) && load(), { rootMargin: "100% 0px" });
    diagrams.forEach((diagram) => near.observe(diagram));
    const idle = window.requestIdleCallback ?? ((later) => setTimeout(later));
    if (!navigator.connection?.saveData) {
        window.addEventListener("load", () => setTimeout(() => idle(load), 500));
    }

    // Paper does not wait: what is not drawn yet is drawn before this handler ends.
    window.addEventListener("beforeprint", () => {
        if (drawn) return;
        loading = true;
        near.disconnect();
        const request = new XMLHttpRequest();
        request.open("GET", url, false);
        try {
            request.send();
        } catch {
            return failed();
        }
        const script = document.createElement("script");
        script.text = request.responseText;
        document.head.append(script);
        begin();
    });
})();
