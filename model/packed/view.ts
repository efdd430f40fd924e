import { type EventObject, matchesState, type StateValue } from "xstate";
import type { Fields, MachineField, PartFields, VariableField } from "./fields.js";
import type { Probe } from "./probe.js";
import { problem, ValueRefused } from "./problem.js";

/**
 * The state as conditions and effects see it, by the names that the model declares. Nothing is there but names: each
 * value is asked of the probe when it is read. Names that the model does not declare are refused with those it does.
 */
export function viewOf(fields: Fields, probe: Probe, model: string, mayWrite: boolean): never {
  const accessor = (part: PartFields): Accessor =>
    "machine" in part
      ? machineAccessor(part.machine, probe, model, mayWrite)
      : variableAccessor(part.variable, probe, mayWrite);
  const accessors = new Map<string, Accessor>();
  for (const [name, part] of fields.parts) {
    if (!(part instanceof Map)) {
      accessors.set(name, accessor(part as PartFields));
      continue;
    }
    const members = [...(part as ReadonlyMap<string, PartFields>)].map(([key, one]) => [key, accessor(one)] as const);
    const family = names(new Map(members), `${name}'s members`, model);
    accessors.set(name, { get: () => family });
  }
  return names(accessors, "names", model) as never;
}

interface Accessor {
  get(): unknown;
  set?(value: unknown): void;
}

function names(accessors: ReadonlyMap<string, Accessor>, knownAs: string, model: string): object {
  const find = (name: string | symbol): Accessor => {
    const found = accessors.get(String(name));
    if (found === undefined)
      throw problem(model, "does not declare", { value: String(name), known: [...accessors.keys()], knownAs });
    return found;
  };
  return new Proxy(
    {},
    {
      get: (_, name) => find(name).get(),
      set: (_, name, value) => {
        const { set } = find(name);
        if (set === undefined) throw problem(model, "cannot be assigned here", { value: String(name) });
        set(value);
        return true;
      },
      ownKeys: () => [...accessors.keys()],
      has: (_, name) => accessors.has(String(name)),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
}

function variableAccessor(field: VariableField, probe: Probe, mayWrite: boolean): Accessor {
  const { variable } = field;
  const toValue = (index: number): unknown => {
    if (variable.kind === "flag") return index === 1;
    return variable.kind === "range" ? index + variable.least : variable.values[index];
  };
  const toIndex = (value: unknown): number => {
    if (variable.kind === "flag") return value === false ? 0 : value === true ? 1 : -1;
    if (variable.kind === "one-of") return variable.values.indexOf(value as string);
    return Number.isInteger(value) && (value as number) <= variable.most ? (value as number) - variable.least : -1;
  };
  const get = () => toValue(probe.read(field.id));
  if (!mayWrite) return { get };
  return {
    get,
    set: (value) => {
      const index = toIndex(value);
      if (index < 0) throw new ValueRefused(`${field.name} cannot be ${String(value)}; values: ${valuesOf(field)}`);
      probe.write(field.id, index);
    },
  };
}

function valuesOf(field: VariableField): string {
  const { variable } = field;
  if (variable.kind === "flag") return "false, true";
  return variable.kind === "range" ? `${variable.least} to ${variable.most}` : variable.values.join(", ");
}

function machineAccessor(parts: readonly MachineField[], probe: Probe, model: string, mayWrite: boolean): Accessor {
  const local = parts[0]!.local;
  const stateOf = (field: MachineField): StateValue => field.part.states[probe.read(field.id)]!.value;
  const snapshotOf = (field: MachineField) => field.part.states[probe.read(field.id)]!.snapshot;
  const touched = (event: EventObject) => parts.filter(({ part }) => local.mayHandle(part, event.type));
  const asEvent = (event: string | EventObject): EventObject => (typeof event === "string" ? { type: event } : event);

  const handle = {
    get value(): StateValue {
      if (parts[0]!.part.region === undefined) return stateOf(parts[0]!);
      return Object.fromEntries(parts.map((field) => [field.part.region!, stateOf(field)]));
    },
    get context() {
      return snapshotOf(parts[0]!).context;
    },
    is(wanted: StateValue): boolean {
      if (parts[0]!.part.region === undefined) return matchesState(wanted, stateOf(parts[0]!));
      const byRegion = typeof wanted === "string" ? regionOf(wanted) : wanted;
      return Object.entries(byRegion).every(([region, inner]) => {
        const field = parts.find(({ part }) => part.region === region);
        return field !== undefined && (inner === undefined || matchesState(inner, stateOf(field)));
      });
    },
    hasTag: (tag: string): boolean => snapshotOf(parts[0]!).hasTag(tag),
    can(event: string | EventObject): boolean {
      const asked = asEvent(event);
      return touched(asked).some((field) => {
        const state = probe.read(field.id);
        const step = local.next(field.part, state, asked);
        return step.state !== state || step.actions.length > 0;
      });
    },
    send(event: string | EventObject): readonly string[] {
      if (!mayWrite) throw problem(model, `a condition sends ${asEvent(event).type}; only effects may`);
      const asked = asEvent(event);
      return touched(asked).flatMap((field) => {
        const step = local.always(field.part, asked) ?? local.next(field.part, probe.read(field.id), asked);
        probe.write(field.id, step.state);
        return step.actions;
      });
    },
  };
  return { get: () => handle };
}

/** `lamp.red` as `{ lamp: "red" }`; `lamp` alone asks for that region in any state. */
function regionOf(path: string): Readonly<Record<string, string | undefined>> {
  const dot = path.indexOf(".");
  return dot < 0 ? { [path]: undefined } : { [path.slice(0, dot)]: path.slice(dot + 1) };
}
