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

/** The data blocks of a report, unpacked when they are asked for. */
export function ownData(): Source | undefined {
  if (!document.getElementById("data-index")) return undefined;
  const read = async <T>(id: string): Promise<T> => {
    const block = document.getElementById(`data-${id}`);
    if (!block) throw new Error(`this page holds no ${id}`);
    return JSON.parse(await unpacked(block.textContent ?? "")) as T;
  };
  return { index: () => read("index"), ground: read, run: read };
}

async function unpacked(base64: string): Promise<string> {
  const binary = atob(base64.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
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
