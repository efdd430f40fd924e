import type { AnyStateMachine, EventFrom, EventObject } from "xstate";
import { type ClosedModel, closedModel } from "./declare.js";

/**
 * One machine to which anything may happen at any time: every event of it, or the given ones where events carry more
 * than their type. It may end anywhere.
 */
export function alone<M extends AnyStateMachine>(
  machine: M,
  events?: readonly EventFrom<M>[],
): ClosedModel<{ readonly machine: AnyStateMachine }> {
  const given = (events ?? machine.events.map((type) => ({ type }))) as readonly EventObject[];
  return closedModel(
    machine.id,
    { machine: machine as AnyStateMachine },
    {
      rules: given.map((event) => ({
        name: nameOf(event),
        when: (s) => s.machine.can(event),
        does: (s) => {
          s.machine.send(event);
        },
      })),
      mayEnd: () => true,
    },
  );
}

function nameOf({ type, ...rest }: EventObject): string {
  return Object.keys(rest).length === 0 ? type : `${type} ${JSON.stringify(rest)}`;
}
