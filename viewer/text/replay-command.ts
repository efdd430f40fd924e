import type { RecordedScenario, RunRecord } from "../../model/verdict/types.js";
import { shellWord } from "./shell-word.js";

/** What a token was made on. It is refused elsewhere, so the command names it. */
export interface ReplayGround {
  /** The topology's file. */
  readonly file: string;
  /** Edits of the command line; a scenario's own are in the token. */
  readonly set?: readonly string[] | undefined;
  readonly engine?: string | undefined;
}

const OWN_ENGINE = "fencepost";

/** The line that plays a verdict again, ready to be pasted into a shell. */
export function replayCommand(token: string, { file, set = [], engine = OWN_ENGINE }: ReplayGround): string {
  const options = ["-t", file, ...set.flatMap((edit) => ["--set", edit])];
  if (engine !== OWN_ENGINE) options.push("--engine", engine);
  return `fencepost replay ${token} ${options.map(shellWord).join(" ")}`;
}

/** What a scenario of a run was played on. */
export function groundOf(record: RunRecord, { topology = record.topology }: RecordedScenario): ReplayGround {
  return { file: topology.file, set: record.set, engine: record.engine };
}
