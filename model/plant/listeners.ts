/** Calls listeners in the order in which they came. */
export function tell<A extends readonly unknown[]>(listeners: readonly ((...args: A) => unknown)[], ...args: A): void {
  for (const listener of listeners) listener(...args);
}
