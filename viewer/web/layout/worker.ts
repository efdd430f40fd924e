import { type LayoutVertex, layOut } from "./layout.js";

/** Off the main thread: one list of vertices in, their boxes out. */
const scope = self as unknown as {
  onmessage: (event: { data: { id: number; vertices: readonly LayoutVertex[] } }) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = ({ data }) => scope.postMessage({ id: data.id, boxes: layOut(data.vertices) });
