import { setup } from "xstate";

/** Parallel regions of four states in a ring, each with an event of its own: 4 to the number of regions states. */
export function regionsMachine(regions: number) {
  const names = Array.from({ length: regions }, (_, index) => `r${index}`);
  return setup({ types: { events: {} as { type: string } } }).createMachine({
    id: `regions-${regions}`,
    type: "parallel",
    states: Object.fromEntries(
      names.map((name) => {
        const on = (target: string) => ({ on: { [`NEXT_${name}`]: target } });
        return [name, { initial: "s0", states: { s0: on("s1"), s1: on("s2"), s2: on("s3"), s3: on("s0") } }];
      }),
    ),
  });
}
