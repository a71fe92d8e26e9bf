// SQLite from bytes that are there already: the Worker fetches everything itself, to show how far it is.
import sqlite3InitModule from "./node_modules/@sqlite.org/sqlite-wasm/dist/index.mjs";

let wasmBinary;

/** To be called before the engine opens. */
export function provideSqlite(bytes) {
    wasmBinary = bytes;
}

export default () => sqlite3InitModule({ wasmBinary });
