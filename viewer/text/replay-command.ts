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

/** Who decides for the clusters where nobody says otherwise. */
export const OWN_ENGINE = "fencepost";

/** The line that plays a verdict again, ready to be pasted into a shell. */
export function replayCommand(token: string, ground: ReplayGround): string {
  return `fencepost replay ${token} ${["-t", ground.file, ...replayFlags(ground)].map(shellWord).join(" ")}`;
}

/** The command line's words for edits and engine, as they are: not yet quoted for a shell. */
export function replayFlags({ set = [], engine = OWN_ENGINE }: Omit<ReplayGround, "file">): readonly string[] {
  return [...set.flatMap((edit) => ["--set", edit]), ...(engine === OWN_ENGINE ? [] : ["--engine", engine])];
}

/** What a scenario of a run was played on. */
export function groundOf(record: RunRecord, { topology = record.topology }: RecordedScenario): ReplayGround {
  return { file: topology.file, set: record.set, engine: record.engine };
}
