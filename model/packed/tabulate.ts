import type { ClosedModel, Condition, Conditions } from "./declare.js";
import { type Fields, fieldsOf } from "./fields.js";
import { type Case, Probe } from "./probe.js";
import { problem, ValueRefused } from "./problem.js";
import { viewOf } from "./view.js";

/** A condition as the cases of what it reads. */
export interface TabulatedCondition {
  readonly cases: readonly Case<boolean>[];
  readonly reads: readonly number[];
}

/** An effect as the cases of what it reads: what is written where, or why it cannot happen there. */
export interface TabulatedEffect {
  readonly cases: readonly Case<ReadonlyMap<number, number> | ValueRefused>[];
  readonly reads: readonly number[];
}

/** A rule, or a check that is looked at in every state: conditions that must all hold. */
export interface TabulatedRule {
  readonly name: string;
  readonly conditions: readonly TabulatedCondition[];
  readonly effect: TabulatedEffect;
}

export interface TabulatedCheck {
  readonly kind: "always" | "sometimes" | "may-end";
  readonly name: string;
  /** All hold where the promise is broken (`always`), met (`sometimes`), or where ending is fine. */
  readonly conditions: readonly TabulatedCondition[];
}

export interface TabulatedModel {
  readonly fields: Fields;
  readonly rules: readonly TabulatedRule[];
  readonly checks: readonly TabulatedCheck[];
}

type Ask = Condition<never>;

/**
 * Every condition and effect of a model as tables. Effects may bring machines into local states that nothing has been
 * asked about yet: what has to do with those machines is run again until none has a new one.
 */
export function tabulate(model: ClosedModel): TabulatedModel {
  if (model.rules.length === 0) throw problem(model.name, "has no rules");
  const fields = fieldsOf(model);
  const probe = new Probe(fields.all, model.name);
  for (;;) {
    const before = localStates(fields);
    const tabulated = tabulateOnce(model, fields, probe);
    if (localStates(fields) === before) return tabulated;
  }
}

function localStates(fields: Fields): number {
  return fields.all.reduce((sum, field) => sum + field.size(), 0);
}

function tabulateOnce(model: ClosedModel, fields: Fields, probe: Probe): TabulatedModel {
  const facts = viewOf(fields, probe, model.name, false);
  const state = viewOf(fields, probe, model.name, true);
  const known = new Map<Ask, TabulatedCondition>();

  const condition = (what: string, ask: Ask): TabulatedCondition => {
    let found = known.get(ask);
    if (found === undefined) {
      const cases = probe.cases(what, ask, () => {
        const answer = ask(facts);
        if (typeof answer !== "boolean")
          throw problem(model.name, "answers neither true nor false", { value: String(answer) });
        return answer;
      });
      found = { reads: readsOf(cases), cases: cases.map(({ reads, outcome }) => ({ reads, outcome: outcome.result })) };
      known.set(ask, found);
    }
    return found;
  };
  const conditions = (what: string, asks: Conditions<never> | undefined): TabulatedCondition[] =>
    flatten(asks).map((ask) => condition(what, ask));
  const effect = (what: string, does: (state: never) => void): TabulatedEffect => {
    const cases = probe.cases(what, does, () => {
      try {
        does(state);
        return undefined;
      } catch (error) {
        if (error instanceof ValueRefused) return error;
        throw error;
      }
    });
    return {
      reads: readsOf(cases),
      cases: cases.map(({ reads, outcome }) => ({ reads, outcome: outcome.result ?? outcome.writes })),
    };
  };

  // Effects first: they are what brings machines into new states.
  const effects = model.rules.map(({ name, does }) => effect(`effect of "${name}"`, does));
  const rules = model.rules.map(({ name, when }, rule) => ({
    name,
    conditions: conditions(`condition of "${name}"`, when),
    effect: effects[rule]!,
  }));
  const always = Object.entries(model.always ?? {}).map(([name, ask]) => ({
    kind: "always" as const,
    name,
    conditions: [negated(condition(`promise "${name}"`, ask as Ask))],
  }));
  const sometimes = Object.entries(model.sometimes ?? {}).map(([name, asks]) => ({
    kind: "sometimes" as const,
    name,
    conditions: conditions(`promise "${name}"`, asks as Conditions<never>),
  }));
  const mayEnd =
    model.mayEnd === undefined
      ? []
      : [{ kind: "may-end" as const, name: "may end", conditions: [condition("mayEnd", model.mayEnd as Ask)] }];
  return { fields, rules, checks: [...always, ...sometimes, ...mayEnd] };
}

function flatten(asks: Conditions<never> | undefined): Ask[] {
  if (asks === undefined) return [];
  return typeof asks === "function" ? [asks] : asks.flatMap(flatten);
}

function negated({ reads, cases }: TabulatedCondition): TabulatedCondition {
  return { reads, cases: cases.map(({ reads, outcome }) => ({ reads, outcome: !outcome })) };
}

function readsOf(cases: readonly Case<unknown>[]): readonly number[] {
  return [...new Set(cases.flatMap(({ reads }) => reads.map(({ field }) => field)))].sort((a, b) => a - b);
}
