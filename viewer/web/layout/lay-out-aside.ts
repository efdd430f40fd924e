import type { GroundData } from "../../page/page-data.js";
import { type Box, layOut } from "./layout.js";

/** The worker's script, put here when the page is bundled. */
declare const LAYOUT_WORKER: string;

const remembered = new Map<string, Promise<readonly Box[]>>();

/** The boxes of a ground, computed once in a worker; here, where the browser gives no worker. */
export function layOutAside(ground: GroundData): Promise<readonly Box[]> {
  let found = remembered.get(ground.id);
  if (!found) {
    found = inWorker(ground).catch(() => layOut(ground.vertices));
    remembered.set(ground.id, found);
  }
  return found;
}

function inWorker({ vertices }: GroundData): Promise<readonly Box[]> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([LAYOUT_WORKER], { type: "text/javascript" }));
    const worker = new Worker(url);
    const end = () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    };
    worker.onmessage = ({ data }: MessageEvent<{ boxes: readonly Box[] }>) => {
      end();
      resolve(data.boxes);
    };
    worker.onerror = (event) => {
      end();
      reject(new Error(event.message));
    };
    worker.postMessage({ id: 1, vertices: vertices.map(({ key, kind, in: parent }) => ({ key, kind, in: parent })) });
  });
}
