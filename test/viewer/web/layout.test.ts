import fc from "fast-check";
import { expect, test } from "vitest";
import { type LayoutVertex, layOut } from "../../../viewer/web/layout/layout.js";

/** Graphs in which each vertex stands in an earlier one, or in nothing. */
const graphs = fc.array(fc.nat(), { maxLength: 120 }).map((parents): LayoutVertex[] =>
  parents.map((parent, i) => ({
    key: `v${i}`,
    kind: ["node", "unit", "rack"][i % 3]!,
    ...(i > 0 && parent % 4 > 0 && { in: `v${parent % i}` }),
  })),
);

test("every vertex has one box, inside that of what it stands in, and no two neighbours overlap", () => {
  fc.assert(
    fc.property(graphs, (vertices) => {
      const boxes = new Map(layOut(vertices).map((box) => [box.key, box]));
      expect(boxes.size).toBe(vertices.length);
      for (const { key, in: parent } of vertices) {
        const box = boxes.get(key)!;
        const outer = parent === undefined ? undefined : boxes.get(parent)!;
        if (!outer) continue;
        expect(box.x >= outer.x && box.x + box.width <= outer.x + outer.width).toBe(true);
        expect(box.y >= outer.y && box.y + box.height <= outer.y + outer.height).toBe(true);
      }
      for (const { children } of boxes.values())
        for (const a of children)
          for (const b of children) if (a < b) expect(overlap(boxes.get(a)!, boxes.get(b)!)).toBe(false);
    }),
  );
});

test("the order in which vertices come does not move them", () => {
  fc.assert(
    fc.property(graphs, (vertices) => {
      const places = (list: readonly LayoutVertex[]) =>
        layOut(list)
          .map(({ key, x, y }) => `${key} ${x} ${y}`)
          .sort();
      expect(places([...vertices].reverse())).toEqual(places(vertices));
    }),
  );
});

type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
