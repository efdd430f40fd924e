import { svg } from "./dom.js";

/** Drawn here, because not every machine's fonts have them. */
const PATHS = {
  play: "M4 2.5 13 8 4 13.5Z",
  pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
  back: "M3 2.5h2.2v11H3zM13 2.5v11L5.8 8z",
  on: "M10.8 2.5H13v11h-2.2zM3 2.5v11L10.2 8z",
  link: "M6.6 10.8 5.2 12.2a1.7 1.7 0 0 1-2.4-2.4l2.6-2.6a1.7 1.7 0 0 1 2.4 0l1-1a3.1 3.1 0 0 0-4.4 0L1.8 8.8a3.1 3.1 0 0 0 4.4 4.4l1.4-1.4zM9.4 5.2l1.4-1.4a1.7 1.7 0 0 1 2.4 2.4l-2.6 2.6a1.7 1.7 0 0 1-2.4 0l-1 1a3.1 3.1 0 0 0 4.4 0l2.6-2.6a3.1 3.1 0 0 0-4.4-4.4L8.4 4.2z",
  theme: "M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5a6.5 6.5 0 0 1 0 13v-1.4a5.1 5.1 0 0 0 0-10.2z",
  close: "M3.5 4.6 4.6 3.5 8 6.9l3.4-3.4 1.1 1.1L9.1 8l3.4 3.4-1.1 1.1L8 9.1l-3.4 3.4-1.1-1.1L6.9 8z",
  star: "M8 1.8l1.9 4 4.3.5-3.2 3 .9 4.3L8 11.5l-3.9 2.1.9-4.3-3.2-3 4.3-.5z",
} as const;

export function icon(of: keyof typeof PATHS): SVGElement {
  return svg(
    "svg",
    { class: "icon-shape", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: PATHS[of] }),
  );
}
