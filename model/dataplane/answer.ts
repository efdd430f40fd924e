import type { Path } from "../twin/parts.js";

/** How a request ends for the one who made it. */
export type Failure = NonNullable<Path["failure"]>;

/**
 * What clients get who ask now. `slow`: all are answered, some after a retry; `partly`: some are answered and some
 * fail, by which server they are given to; `failed`: none is answered as it should be.
 */
export interface Answer {
  readonly grade: "ok" | "slow" | "partly" | "failed";
  /** For partly and failed. */
  readonly failure?: Failure;
  /** The HTTP status, where something that speaks HTTP answers: 500, 404. */
  readonly status?: number;
  /** A short sentence: what is wrong. Empty where all is well. */
  readonly text: string;
  /** The subject that is to blame (`address/192.168.16.210`); empty where all is well. */
  readonly blame: string;
  /** A time-out before any connection: nobody at the address. What was sent has reached nobody. */
  readonly unconnected?: true;
}

const interned = new Map<string, Answer>();

/** Equal answers are the same object, so that an observer sees at once that nothing changed. */
function intern(answer: Answer): Answer {
  const key = `${answer.grade}\n${answer.failure ?? ""}\n${answer.status ?? ""}\n${answer.unconnected ?? ""}\n${answer.blame}\n${answer.text}`;
  const found = interned.get(key);
  if (found) return found;
  interned.set(key, Object.freeze(answer));
  return answer;
}

export const OK: Answer = intern({ grade: "ok", text: "", blame: "" });

export function failed(failure: Failure, blame: string, text: string, status?: number): Answer {
  return intern({ grade: "failed", failure, ...(status !== undefined && { status }), text, blame });
}

/** Nobody answers at an address: no connection comes about. */
export function unconnected(failure: Failure, blame: string, text: string): Answer {
  return intern({ grade: "failed", failure, text, blame, unconnected: true });
}

export function slow(blame: string, text: string): Answer {
  return intern({ grade: "slow", text, blame });
}

/** The same trouble for some of those who ask. */
export function partly(of: Answer): Answer {
  return of.grade === "failed" ? intern({ ...of, grade: "partly" }) : of;
}

/** The same trouble as its caller tells it: an HTTP service that cannot do its work answers with a status. */
export function retold(of: Answer, failure: Failure, text: string, status?: number): Answer {
  return intern({
    grade: of.grade,
    failure,
    ...(status !== undefined && { status }),
    text,
    blame: of.blame,
  });
}

export function isServed(answer: Answer): boolean {
  return answer.grade === "ok" || answer.grade === "slow";
}

const RANK = { ok: 0, slow: 1, partly: 2, failed: 3 } as const;

/** The worse of two; the first where they are equally bad. */
export function worse(a: Answer, b: Answer): Answer {
  return RANK[b.grade] > RANK[a.grade] ? b : a;
}
