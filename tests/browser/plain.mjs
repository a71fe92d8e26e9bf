// Python's file server, which only hands out the files of a folder: no compression, no headers of its own.
import { spawn } from "node:child_process";

/** Serves the folder on a free port until `stop` is called. */
export async function fileServer(folder) {
    const server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder], {
        stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((done) => server.once("exit", done));
    const port = await new Promise((found, failed) => {
        server.once("error", failed);
        ended.then(() => failed(new Error("Python's file server ended")));
        let said = "";
        server.stdout.on("data", (more) => {
            said += more;
            const port = /port (\d+) /.exec(said);
            if (port) found(port[1]);
        });
    });
    return {
        site: `http://127.0.0.1:${port}`,
        stop: () => {
            server.kill();
            return ended;
        },
    };
}
