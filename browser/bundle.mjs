// Puts the browser's modules together: one Worker, and beside it the modules, named by what they hold.
// Usage: node bundle.mjs PACKED DYNOXIDE FOLDER
//
// PACKED is where browser-pack wrote; DYNOXIDE holds the engine's sources.
import { createHash } from "node:crypto";
import { readFileSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [packed, dynoxide, folder] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const [engine, skills] = ["engine", "skills"].map((part) => join(packed, part));

const worker = await build({
    entryPoints: [join(here, "worker.js")],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "warning",
    alias: { engine, skills, "@sqlite.org/sqlite-wasm": join(here, "sqlite.js") },
    plugins: [{
        // wasm-bindgen copies a script that its module imports, and not what that script imports.
        name: "beside-the-bridge",
        setup: ({ onResolve }) => onResolve({ filter: /^\.\/fnv1a\.js$/ }, () => ({ path: join(dynoxide, "js/fnv1a.js") })),
    }],
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = {
    worker: written("worker", "js", Buffer.from(worker.outputFiles[0].contents)),
    ...Object.fromEntries(["skills", "engine", "sqlite"].map((part) =>
        [part, written(part, "wasm.xz", readFileSync(join(packed, `${part}.wasm.xz`)))])),
};
writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ files }, null, 2)}\n`);
for (const { name, bytes } of Object.values(files)) console.log(`${String(Math.ceil(bytes / 1000)).padStart(6)} KB  ${name}`);

/** A file that may be kept for ever, as another content has another name. */
function written(stem, extension, content) {
    const name = `${stem}-${createHash("sha256").update(content).digest("hex").slice(0, 8)}.${extension}`;
    writeFileSync(join(folder, name), content);
    return { name, bytes: content.length };
}
