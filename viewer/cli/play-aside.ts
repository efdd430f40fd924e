import { Worker } from "node:worker_threads";
import { EXIT } from "./exit.js";
import type { Progress } from "./progress.js";
import type { FromPlayer, RunAnswer, RunRefusal, RunRequest } from "./run-request.js";

/**
 * Plays a run on a thread of its own, so that Ctrl-C is heard at once, however long a scenario takes: the program ends
 * with 130, and since only this thread writes, nothing is half-written.
 */
export function playAside(request: RunRequest, progress: Progress): Promise<RunAnswer | RunRefusal> {
  const worker = new Worker(new URL("./player.js", import.meta.url), { workerData: request });
  process.once("SIGINT", () => {
    progress.end();
    process.exit(EXIT.interrupted);
  });
  return new Promise((resolve) => {
    const bug = (text: string) => ({ refused: `${text}\nThis is a bug in fencepost.`, isBug: true });
    worker.on("message", (message: FromPlayer) => {
      if ("done" in message) progress.update(message.done, message.total);
      else resolve(message);
    });
    worker.on("error", (error: Error) => resolve(bug(error.stack ?? error.message)));
    worker.on("exit", (code) => resolve(bug(`the thread that plays ended with ${code}`)));
  }).then((answer) => {
    progress.end();
    return answer as RunAnswer | RunRefusal;
  });
}
