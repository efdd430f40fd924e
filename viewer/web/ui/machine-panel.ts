import { momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import { type Arrow, machineLayout, type PlacedState, STATE_HEIGHT, STATE_WIDTH } from "../data/machine-layout.js";
import type { RunView } from "../data/run-view.js";
import { fill, h, shortName, svg } from "./dom.js";
import { exportPicture } from "./export.js";
import { folded } from "./folded.js";
import type { Panel } from "./inspector.js";

const WIDTH = 340;

/** The life cycle of the thing selected, as its XState definition has it: where it is, and what brought it there. */
export const machinePanel: Panel = {
  id: "life",
  title: "Life cycle",
  applies: (_, view, thing) => view.machineOf(thing) !== undefined,
  draw(place, app, view, thing) {
    const machine = view.machineOf(thing)!;
    const state = view.stateAt(thing, app.state.at) ?? machine.initial;
    const change = view.changeAt(thing, app.state.at);
    const picture = diagram(view, app, thing);
    const rows = machine.transitions.map(({ from, event, guard, to }) => {
      const isLast = change !== undefined && change.from === from && change.state === to && change.what === event;
      return h(
        "tr",
        { class: isLast ? "is-selected" : "" },
        h("td", {}, from),
        h("td", {}, guard ? `${event} [${guard}]` : event),
        h("td", {}, to),
      );
    });
    fill(
      place,
      h(
        "p",
        {},
        "Machine ",
        h("code", {}, machine.id),
        ": now ",
        h("b", {}, state),
        change && h("span", { class: "quiet" }, `, by ${change.what} at ${momentText(change.atMs)}`),
      ),
      picture,
      h(
        "div",
        { class: "bar" },
        (["svg", "png"] as const).map((kind) =>
          h(
            "button",
            { onclick: () => void exportPicture(picture, kind, `${machine.id}-${state}`) },
            kind.toUpperCase(),
          ),
        ),
      ),
      folded("table", `As a table (${rows.length} transitions)`, () =>
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["from", "event", "to"].map((title) => h("th", { scope: "col" }, title)),
            ),
          ),
          h("tbody", {}, rows),
        ),
      ),
    );
  },
};

function diagram(view: RunView, app: App, thing: string): SVGSVGElement {
  const machine = view.machineOf(thing)!;
  const state = view.stateAt(thing, app.state.at) ?? machine.initial;
  const change = view.changeAt(thing, app.state.at);
  const { placed, arrows, heightPx } = machineLayout(machine, WIDTH);
  const at = new Map(placed.map((one) => [one.name, one]));
  const picture = svg("svg", {
    class: "machine",
    viewBox: `0 0 ${WIDTH} ${heightPx}`,
    width: WIDTH,
    height: heightPx,
    role: "img",
    "aria-label": `Life cycle of ${machine.id}: now ${state}`,
  });
  const isLast = (arrow: Arrow) => change !== undefined && change.from === arrow.from && change.state === arrow.to;
  const drawn = arrows.map((arrow) => arrowShape(at.get(arrow.from)!, at.get(arrow.to)!, arrow, isLast(arrow)));
  // What is lit is drawn last, so that nothing covers it.
  picture.append(...drawn.filter((_, i) => !isLast(arrows[i]!)), ...drawn.filter((_, i) => isLast(arrows[i]!)));
  for (const one of placed) picture.append(stateShape(one, one.name === state, one.name === machine.initial));
  if (change)
    for (const arrow of arrows)
      if (isLast(arrow)) picture.append(label(at.get(arrow.from)!, at.get(arrow.to)!, change.what));
  return picture;
}

function stateShape({ name, x, y }: PlacedState, isNow: boolean, isInitial: boolean): SVGGElement {
  const group = svg("g", {
    class: `state-box${isNow ? " is-now" : ""}`,
    transform: `translate(${x - STATE_WIDTH / 2} ${y - STATE_HEIGHT / 2})`,
  });
  group.append(
    svg("rect", { width: STATE_WIDTH, height: STATE_HEIGHT, rx: 8 }),
    isInitial ? svg("circle", { class: "initial", cx: 9, cy: 9, r: 3.5 }) : svg("g"),
    svg("text", { x: STATE_WIDTH / 2, y: STATE_HEIGHT / 2 + 4.5, "text-anchor": "middle" }, shortName(name, 16)),
    svg("title", {}, `${name}${isInitial ? ", where it begins" : ""}`),
  );
  return group;
}

function arrowShape(from: PlacedState, to: PlacedState, arrow: Arrow, isLit: boolean): SVGGElement {
  const down = to.y > from.y ? 1 : to.y < from.y ? -1 : 0;
  const side = down === 1 ? -14 : 14;
  const start = {
    x: from.x + (down === 0 ? Math.sign(to.x - from.x) * (STATE_WIDTH / 2) : side),
    y: from.y + (down * STATE_HEIGHT) / 2,
  };
  const end = {
    x: to.x - (down === 0 ? Math.sign(to.x - from.x) * (STATE_WIDTH / 2) : -side),
    y: to.y - (down * STATE_HEIGHT) / 2,
  };
  const bend = down === 0 ? 0 : (end.y - start.y) / 2;
  const lift = down === 0 && Math.abs(to.x - from.x) > STATE_WIDTH * 1.5 ? -34 : 0;
  const tip = down === 0 ? `l${-6 * Math.sign(to.x - from.x)} -4v8z` : `l-4 ${-7 * down}h8z`;
  const group = svg("g", { class: `way${isLit ? " is-lit" : ""}` });
  group.append(
    svg("path", {
      class: "curve",
      d: `M${start.x} ${start.y}C${start.x} ${start.y + bend + lift} ${end.x} ${end.y - bend + lift} ${end.x} ${end.y}`,
    }),
    svg("path", { class: "head", d: `M${end.x} ${end.y}${tip}` }),
    svg("title", {}, shortName(`${arrow.from} → ${arrow.to}: ${arrow.events.join(", ")}`)),
  );
  return group;
}

/** What happened, beside the state that it led away from. */
function label(from: PlacedState, to: PlacedState, what: string): SVGTextElement {
  const x = Math.max(70, Math.min(WIDTH - 70, from.x));
  const y = from.y + (from.y === to.y ? -24 : Math.sign(to.y - from.y) * (STATE_HEIGHT / 2 + 14) + 4);
  return svg("text", { class: "event", x, y, "text-anchor": "middle" }, shortName(what, 26));
}
