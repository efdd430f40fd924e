import type { KnownDigests } from "../../cib/parameter-digest.js";
import type { Colocation } from "../constraints/colocation-constraints.js";
import type { Ordering } from "../constraints/orderings.js";
import type { DecideOptions, ScoreLine, ScoreReason } from "../interface.js";
import { setRunnable } from "../order/runnable.js";
import { A, Action, findAction, findUnplaced } from "./actions.js";
import type { ClusterOptions, ClusterState } from "./state.js";
import { Task } from "./tasks.js";
import type { Unpacking } from "./unpacking.js";
import { F, type Node, type Resource } from "./working.js";

/** Where instances that are all the same are active, and where anything is known of them; by node index. */
export interface Sightings {
  readonly active: readonly number[];
  readonly known: readonly number[];
}

/** One decision in the making: the state, and the actions and orderings planned so far. */
export class Plan {
  readonly actions: Action[] = [];
  readonly orderings: Ordering[] = [];
  readonly colocations: Colocation[] = [];
  readonly scores: ScoreLine[] = [];
  readonly reasons: ScoreReason[] = [];
  readonly nodes: readonly Node[];
  readonly options: ClusterOptions;
  unpacking: Unpacking | undefined = undefined;
  /** Top-level resources, highest priority first. */
  resources: Resource[];
  /** How many resources are being assigned at the moment, one for the sake of the other. */
  assigning = 0;
  /** How many actions are being updated, one for the sake of the other, and those put off for later. */
  updating = 0;
  readonly putOff = new Set<Action>();
  /** The same of actions that cannot run and take others with them. */
  blocking = 0;
  readonly putOffBlocks = new Set<Action>();
  /** How often a merge of colocated scores asked a resource again that it had asked before. */
  revisits = 0;
  readonly digests: KnownDigests = new Map();
  readonly sightings = new Map<Resource, Sightings>();
  private merges = 0;
  private searches = 0;
  private readonly clusterActions = new Map<string, Action>();
  readonly state: ClusterState;
  readonly withScores: boolean;
  readonly wholeGraph: boolean;
  constructor(state: ClusterState, { withScores = false, wholeGraph = false }: Partial<DecideOptions>) {
    this.state = state;
    this.withScores = withScores;
    this.wholeGraph = wholeGraph;
    this.nodes = state.nodes;
    this.options = state.options;
    this.resources = state.resources.slice();
  }

  /** The number of a new merge of colocated scores. */
  startMerge(): number {
    return ++this.merges;
  }

  /** The number of a new search among the actions, with which it marks those it has been to. */
  startSearch(): number {
    return ++this.searches;
  }

  /** The action that does `task` for a resource on a node: the one planned already, or a new one. */
  action(
    resource: Resource,
    task: Task,
    node: Node | undefined,
    optional: boolean,
    intervalMs = 0,
    ownKey?: string,
  ): Action {
    let action = ownKey === undefined ? findAction(resource, task, intervalMs, node) : undefined;
    if (!action && node && ownKey === undefined && resource.variant === "primitive") {
      // Asked for before it was known where.
      action = findUnplaced(resource, task, intervalMs);
      if (action) action.node = node;
    }
    if (!action) {
      action = new Action(this.actions.length, resource, task, intervalMs, node, ownKey);
      if (optional) action.set(A.Optional);
      this.actions.push(action);
      resource.actions.push(action);
      if (task === Task.Start || task === Task.Promote) {
        if (resource.is(F.NeedsFencing)) action.requires = "fencing";
        else if (resource.is(F.NeedsQuorum)) action.requires = "quorum";
      }
      action.priority = 0;
    }
    if (node && !resource.is(F.Managed) && intervalMs === 0 && !action.is(A.Pseudo)) action.set(A.Optional);
    else if (!optional) action.clear(A.Optional);
    setRunnable(this, action);
    return action;
  }

  /** A point in a collective's life that others are ordered against; executed by nobody. */
  pseudo(resource: Resource, task: Task, optional: boolean, runnable: boolean, ownKey?: string): Action {
    const action = this.action(resource, task, undefined, optional, 0, ownKey);
    action.set(A.Pseudo);
    if (runnable) action.set(A.Runnable);
    return action;
  }

  /** A pseudo-action that belongs to no resource, found again by its key. */
  clusterPseudo(key: string, task: Task): Action {
    const known = this.clusterActions.get(key);
    if (known) return known;
    const action = new Action(this.actions.length, undefined, task, 0, undefined, key);
    action.set(A.Pseudo | A.Optional);
    this.actions.push(action);
    this.clusterActions.set(key, action);
    return action;
  }

  clusterAction(key: string, task: Task, node: Node, optional: boolean): Action {
    const name = `${key} ${node.name}`;
    const known = this.clusterActions.get(name);
    if (known) {
      if (!optional) known.clear(A.Optional);
      return known;
    }
    const action = new Action(this.actions.length, undefined, task, 0, node, key);
    if (optional) action.set(A.Optional);
    this.actions.push(action);
    this.clusterActions.set(name, action);
    return action;
  }
}
