// A host in front of the site that compresses and names a time to keep a file, as GitHub Pages does.
import http from "node:http";
import { gzipSync } from "node:zlib";

/** Gives the host's address and what stops it. */
export async function host(site) {
    const server = http.createServer(async (request, response) => {
        try {
            const answer = await fetch(site + request.url);
            const body = Buffer.from(await answer.arrayBuffer());
            const type = answer.headers.get("content-type") ?? "application/octet-stream";
            const headers = { "content-type": type, "cache-control": "max-age=600" };
            const packs = /text|javascript|json|svg/.test(type);
            response.writeHead(answer.status, packs ? { ...headers, "content-encoding": "gzip" } : headers);
            response.end(packs ? gzipSync(body) : body);
        } catch (error) {
            response.destroy(error);
        }
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    return [`http://127.0.0.1:${server.address().port}`, () => server.close()];
}
