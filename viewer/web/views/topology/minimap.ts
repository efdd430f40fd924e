import { assign, fill, svg } from "../../ui/dom.js";
import type { Scene, Sight } from "./scene.js";

const DEPTH_MAX = 2;

/** The whole plane, small, with the part in sight; a press goes there. */
export class Minimap {
  readonly element = svg("svg", { class: "minimap", "aria-hidden": "true" });
  readonly #eye = svg("rect", { class: "eye", "stroke-width": 2 });

  constructor(go: (x: number, y: number) => void) {
    this.element.addEventListener("pointerdown", (event) => {
      const toPlane = this.element.getScreenCTM()!.inverse();
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(toPlane);
      go(x, y);
    });
  }

  draw({ width, height, boxes }: Scene): void {
    assign(this.element, { viewBox: `0 0 ${width} ${height}` });
    const lands = [...boxes.values()].filter(({ depth, children }) => depth <= DEPTH_MAX && children.length > 0);
    fill(
      this.element,
      lands.map((box) =>
        svg("rect", { class: "land", x: box.x, y: box.y, width: box.width, height: box.height, rx: 8 }),
      ),
      this.#eye,
    );
  }

  look({ k, x, y, width, height }: Sight): void {
    assign(this.#eye, { x: -x / k, y: -y / k, width: width / k, height: height / k });
  }
}
