/** `fencepost/vitest`: import it once, and `expect` knows the domain's matchers. */
import { expect } from "vitest";
import { toFailOver, toKeepPromises, toKeepServing, toNeverRunTwice } from "./matchers.js";

export type { Budget, FailOver, Outage } from "./matchers.js";
export { toFailOver, toKeepPromises, toKeepServing, toNeverRunTwice };

expect.extend({ toFailOver, toKeepPromises, toKeepServing, toNeverRunTwice });

/** What is expected of a run: of what `run` of `fencepost` returns. */
export interface FencepostMatchers<T> {
  /**
   * Something moved and everything came back by itself: a resource was started (or promoted) somewhere else, and from
   * the first fault until all was served and settled for good it took no longer than `within`.
   *
   * @example
   * expect(run(topology, scenario)).toFailOver({ resource: "web/site", to: "web2", within: "30s" });
   */
  toFailOver: (expected: import("./matchers.js").FailOver) => T;
  /**
   * A service or journey was out for no longer than a budget, in total; without one, never.
   *
   * @example
   * expect(run(topology, scenario)).toKeepServing("journey/visit", { outage: "20s" });
   */
  toKeepServing: (served: string, budget?: import("./matchers.js").Outage) => T;
  /** No resource ran in two places at once, and no data had two writers. */
  toNeverRunTwice: () => T;
  /** The verdict is pass: every promise of the scenario was kept, or broke as its finding says. */
  toKeepPromises: () => T;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: vitest's own declaration, to which this one is added
  interface Matchers<T = any> extends FencepostMatchers<T> {}
}
