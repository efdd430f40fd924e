import { type Packed, unpacked } from "../page/columns.js";
import type { GroundData, PageIndex, RunData } from "../page/page-data.js";

/** Where the page's data comes from: the page itself, or the server that gave it. */
export interface Source {
  index(): Promise<PageIndex>;
  ground(id: string): Promise<GroundData>;
  run(id: string): Promise<RunData>;
  /** Present where a server stands behind the page. */
  readonly server?: Server;
}

export interface Server {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Where server-sent events come from. */
  events(path: string): EventSource;
}

/**
 * The data blocks of a report. Those that stand before the script are what the first picture needs, and are unpacked at
 * once; the others, which the browser may still be reading, when they are asked for.
 */
export function ownData(): Source | undefined {
  const first = new Map([...document.querySelectorAll(BLOCKS)].map((block) => [block.id, inflated(block)]));
  if (first.size === 0) return undefined;
  const read = async <T>(id: string): Promise<T> => {
    const text = await (first.get(`data-${id}`) ?? later(id));
    return unpacked(JSON.parse(text) as Packed) as T;
  };
  return { index: () => read("index"), ground: read, run: read };
}

const BLOCKS = 'script[type="application/x-fencepost"]';

async function later(id: string): Promise<string> {
  if (document.readyState === "loading")
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  const block = document.getElementById(`data-${id}`);
  if (!block) throw new Error(`this page holds no ${id}`);
  return inflated(block);
}

async function inflated({ textContent }: Element): Promise<string> {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(bytesOf(textContent ?? "")), writer.close()]);
  const text = await new Response(readable).text();
  await written;
  return text;
}

/** Newer browsers do it themselves, many times as fast as a loop that runs once. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const own = (Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> }).fromBase64;
  if (own) return own.call(Uint8Array, base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The server's address is the page's own; a token it asks for stands in a cookie that it set itself. */
export function servedData(): Source {
  const call = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(path, { ...init, credentials: "same-origin" });
    const body = (await response.json().catch(() => ({}))) as T & { error?: string };
    if (!response.ok) throw new Error(body.error ?? `the server answered ${response.status}`);
    return body;
  };
  const server: Server = {
    get: (path) => call(path),
    post: (path, body) =>
      call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    events: (path) => new EventSource(path),
  };
  return {
    index: () => server.get("/api/index"),
    ground: (id) => server.get(`/api/grounds/${encodeURIComponent(id)}`),
    run: (id) => server.get(`/api/runs/${encodeURIComponent(id)}`),
    server,
  };
}
