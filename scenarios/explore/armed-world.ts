import { Run, type World } from "../../model/kernel/index.js";
import type { SettledTwin } from "../runner/prepare.js";

/** The settled world in which promises are watched: everything forks from it. */
export function armedWorld({ twin, base }: SettledTwin): World {
  const run = new Run(base);
  run.act((instant) => {
    twin.promises.arm(instant, new Map());
    twin.promises.expectOrder(instant, []);
  });
  return run.freeze();
}
