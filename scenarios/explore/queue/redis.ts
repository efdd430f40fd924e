import { Redis } from "ioredis";
import { InputError } from "../../../model/errors.js";

const CONNECT_MS = 10_000;

/**
 * A connection that outlives restarts of the server: what is asked meanwhile waits and is asked again. Throws InputError
 * for what is no address, and where nobody answers at first. Messages leave the password out.
 */
export async function connectRedis(address: string): Promise<Redis> {
  const shown = shownAddress(address);
  const client = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, 2_000),
  });
  let reason = "no answer";
  client.on("error", (error: NodeJS.ErrnoException) => {
    reason = error.code ?? error.message;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    const text = (error as Error).message;
    throw new InputError({
      file: shown,
      line: 0,
      message: `Redis cannot be used: ${/^(NOAUTH|WRONGPASS|NOPERM|ERR)/.test(text) ? text : reason}`,
    });
  }
  return client;
}

/** `redis://host:6379/0` without user and password. Throws InputError for what is no address of Redis. */
export function shownAddress(address: string): string {
  const refuse = () =>
    new InputError({ file: "--queue", line: 0, message: "expected redis://HOST:PORT or rediss://HOST:PORT" });
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refuse();
  }
  if (!["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") throw refuse();
  return `${url.protocol}//${url.host}${url.pathname}`;
}
