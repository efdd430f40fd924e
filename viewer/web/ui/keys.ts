/** A key and what it does, for the handler and for the help. */
export interface Key {
  /** As `event.key` gives it; `Shift+` before it where that matters. */
  readonly keys: readonly string[];
  readonly says: string;
  do(): void;
}

/** Whether a person is typing, so that letters are letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function keyOf(event: KeyboardEvent): string {
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/** Arrow keys within a group of things of which one is in the tab order. */
export function rove(group: readonly HTMLElement[], current: Element | null, by: number): HTMLElement | undefined {
  const at = group.indexOf(current as HTMLElement);
  const next = group[Math.max(0, Math.min(group.length - 1, (at < 0 ? 0 : at) + by))];
  if (!next) return undefined;
  for (const one of group) one.tabIndex = one === next ? 0 : -1;
  next.focus();
  return next;
}
