import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "../../model/errors.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { escapeTerminal } from "../text/markup.js";
import { answerRun } from "./answer-run.js";
import type { FromPlayer, RunRequest } from "./run-request.js";

/** The thread that plays: one request in, progress and one answer out. A bug's error is the thread's own. */
const send = (message: FromPlayer) => parentPort?.postMessage(message);

try {
  send(await answerRun(workerData as RunRequest, (done, total) => send({ done, total })));
} catch (error) {
  if (!(error instanceof InputError || error instanceof TopologyErrors)) throw error;
  send({ refused: escapeTerminal(error.message), isBug: false });
}
