import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { NextFunction, Request, RequestHandler, Response } from "express";

/** Who may ask. */
export interface Door {
  readonly host: string;
  /** The port it came to listen on; 0 until then. */
  readonly port: () => number;
  /** Asked for wherever the address is not loopback; undefined: nobody needs one. */
  readonly token: string | undefined;
}

export const TOKEN_COOKIE = "fencepost-token";
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src blob:",
  "img-src blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Nothing is framed, sniffed, cached or told to others; the page runs its own script alone. */
export const strictHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
  });
  next();
};

/**
 * Refuses what a page of somebody else's could send: a Host that is not ours (a name made to point here), an Origin that
 * is not ours, a request that the browser itself calls cross-site.
 */
export function ownNamesOnly(door: Door): RequestHandler {
  return (request, response, next) => {
    const host = request.headers.host ?? "";
    if (!isOwnName(host, door)) return refuse(response, 421, "this server does not go by that name");
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${host}`)
      return refuse(response, 403, "another site's page asked for this");
    const site = request.headers["sec-fetch-site"];
    // A link from elsewhere may open the page; nothing else is asked for from elsewhere.
    const opensPage = request.method === "GET" && request.path === "/";
    if (site !== undefined && site !== "same-origin" && site !== "none" && !opensPage)
      return refuse(response, 403, "another site's page asked for this");
    next();
  };
}

function isOwnName(given: string, door: Door): boolean {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d+))?$/i.exec(given);
  if (!match || Number(match[2] ?? 80) !== door.port()) return false;
  const name = match[1]!.replace(/^\[|\]$/g, "").toLowerCase();
  if (isLoopback(name) || name === door.host.toLowerCase()) return true;
  if (isIP(name) === 0 || isLoopback(door.host)) return false;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === name));
}

/** Asks for the token where there is one: in the address once, from then on in a cookie that scripts cannot read. */
export function tokenHolders({ token }: Door): RequestHandler {
  return (request, response, next) => {
    if (token === undefined) return next();
    const given = typeof request.query["token"] === "string" ? request.query["token"] : undefined;
    if (given !== undefined && isSame(given, token)) {
      response.cookie(TOKEN_COOKIE, token, { httpOnly: true, sameSite: "lax", path: "/" });
      if (request.method === "GET" && request.path === "/") {
        response.redirect(303, "/");
        return;
      }
      return next();
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (isSame(cookieOf(request) ?? bearer ?? "", token)) return next();
    refuse(response, 401, "this address asks for the token that fencepost serve printed");
  };
}

function cookieOf(request: Request): string | undefined {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === TOKEN_COOKIE && value !== undefined) return decodeURIComponent(value);
  }
  return undefined;
}

/** In a time that does not depend on where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** So many requests at once and so many a second for each address: a bucket that fills again. */
export function rateLimit(burst: number, perSecond: number, now: () => number = Date.now): RequestHandler {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (request, response, next) => {
    const address = request.socket.remoteAddress ?? "";
    const bucket = buckets.get(address) ?? { left: burst, atMs: now() };
    const left = Math.min(burst, bucket.left + ((now() - bucket.atMs) / 1_000) * perSecond);
    if (buckets.size > 10_000) buckets.clear();
    if (left < 1) {
      buckets.set(address, { left, atMs: now() });
      response.set("Retry-After", "1");
      return refuse(response, 429, "too many requests; wait a second");
    }
    buckets.set(address, { left: left - 1, atMs: now() });
    next();
  };
}

export function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error });
}

/** The last handler: bad JSON and too long a body are the asker's, the rest is a bug whose text stays here. */
export function onError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  const { status = 500 } = error as { status?: number };
  if (response.headersSent) next(error);
  else if (status >= 400 && status < 500) refuse(response, status, "the request cannot be read");
  else {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    refuse(response, 500, "a bug in fencepost; its terminal has the details");
  }
}
