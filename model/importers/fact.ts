import { createHash } from "node:crypto";

/** A value with its one home: the file and line that say it. */
export interface Fact<T> {
  readonly value: T;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Where a service listens or is called. `scheme` only where the file gives a URL. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly scheme?: string;
}

/** A secret, kept only as a digest: two files that should agree can be compared, the secret itself cannot be read back. */
export interface SecretDigest {
  /** First 16 hexadecimal digits of SHA-256. */
  readonly digest: string;
}

export function secretDigest(secret: string): SecretDigest {
  return { digest: createHash("sha256").update(`fencepost secret\n${secret}`).digest("hex").slice(0, 16) };
}

/** An effective setting: what the service works with, and which home it has. Without `file` it is a default of the release. */
export interface Setting<T> {
  readonly value: T;
  /** Absent where the value is a default; then verdicts that lean on it list `because`. */
  readonly file?: string;
  readonly line?: number;
  /** The source of a default. */
  readonly because?: string;
}
