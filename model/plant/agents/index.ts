import type { Blueprint, Cell, Instant, MachineCell } from "../../kernel/index.js";
import { agentDuration } from "../../topology/durations.js";
import type { Topology } from "../../topology/types.js";
import type { Agents, NodeId, OperationOf, Outcome, ResourceAgent } from "../../twin/parts.js";
import { AddedAgents, type ConfigurationOf, isAddable } from "./added.js";
import type { AgentContext, AgentFactory, AgentModel, BegunOperation, PlantParts } from "./agent-model.js";
import { OCF } from "./agent-model.js";
import { dummyAgent } from "./dummy.js";
import { filesystemAgent } from "./filesystem.js";
import { ipaddr2Agent } from "./ipaddr2.js";
import { lvmAgent } from "./lvm.js";
import { mysqlAgent } from "./mysql.js";
import { pingAgent } from "./ping.js";
import { isServiceClass, type Primitive, primitivesOf } from "./primitives.js";
import { processAgent } from "./process.js";
import { serviceAgent } from "./service.js";
import { statefulAgent } from "./stateful.js";
import { stonithAgent } from "./stonith.js";

type Overrides = ReadonlyMap<OperationOf["operation"], Outcome>;

const NO_OVERRIDES: Overrides = new Map();

/** pcs 0.9.90 leaves time-outs to default-action-timeout. */
const DEFAULT_TIMEOUT_MS = 20_000;

const FACTORIES: ReadonlyMap<string, AgentFactory> = new Map<string, AgentFactory>([
  ["ocf:pacemaker:Dummy", dummyAgent],
  ["ocf:heartbeat:Dummy", dummyAgent],
  ["ocf:pacemaker:Stateful", statefulAgent],
  ["ocf:heartbeat:IPaddr2", ipaddr2Agent],
  ["ocf:heartbeat:IPaddr", ipaddr2Agent],
  ["ocf:heartbeat:Filesystem", filesystemAgent],
  ["ocf:heartbeat:mysql", mysqlAgent],
  ["ocf:heartbeat:LVM", lvmAgent],
  ["ocf:pacemaker:ping", pingAgent],
]);

/** Agents around one unit, where the node has it. */
const UNIT_AGENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ocf:heartbeat:nfsserver", ["nfs", "nfs-server"]],
  ["ocf:heartbeat:apache", ["httpd", "apache2"]],
  ["ocf:heartbeat:haproxy", ["haproxy"]],
]);

/** What the plant's agents are, and who tells those that are added later what they are. */
export interface PlantAgents extends Agents {
  readConfigurationsFrom(configurationOf: ConfigurationOf): void;
}

/** The agents of all clusters' primitives. */
export function buildAgents(blueprint: Blueprint, topology: Topology, parts: PlantParts): PlantAgents {
  const agents = new Map<string, ResourceAgent>();
  const overrides = new Map<string, Cell<Overrides>>();
  const nodesOf = new Map<string, readonly NodeId[]>();
  const generic = new Set<string>();
  const unitOf = new Map<string, string>();
  for (const { unit, startedBy } of topology.services.values())
    if (startedBy.kind === "cluster") unitOf.set(`${startedBy.cluster}/${startedBy.resource}`, unit);

  const onNode = new Map<NodeId, MachineCell[]>(parts.hosts.nodes.map((id) => [id, []]));
  parts.hosts.onLost((instant, node) => {
    for (const cell of onNode.get(node)!) instant.send(cell, { type: "NODE_LOST" }, { quiet: true });
  });

  for (const cluster of topology.clusters.values()) {
    const nodes = cluster.nodes.map(({ node }) => node).filter((node) => topology.nodes.has(node));
    nodesOf.set(cluster.id, nodes);
    for (const primitive of primitivesOf(cluster.cib)) {
      const key = `${cluster.id}/${primitive.id}`;
      const family = { cluster: cluster.id, id: primitive.id, agentClass: primitive.agentClass, agent: primitive.type };
      const context: AgentContext = {
        blueprint,
        topology,
        parts,
        cluster: cluster.id,
        primitive,
        nodes,
        goesWithNode: (node, cell) => void onNode.get(node)?.push(cell),
        durationMs: (operation) => agentDuration(topology.durations, family, operation).ms,
      };
      const cells = new Map<NodeId, Cell<Overrides>>();
      for (const node of nodes) {
        const cell = blueprint.cell<Overrides>(`agent/${key}@${node}/overrides`, NO_OVERRIDES);
        cells.set(node, cell);
        overrides.set(`${key}@${node}`, cell);
      }
      agents.set(key, withOverrides(modelFor(context, unitOf.get(key), generic), cells, primitive));
    }
  }

  const added = new AddedAgents(blueprint, parts, (cluster, primitive) => {
    if (!isAddable(primitive) || primitive.type === "Dummy") return undefined;
    const family = { cluster, id: primitive.id, agentClass: primitive.agentClass, agent: primitive.type };
    const nodes = nodesOf.get(cluster) ?? [];
    const directory = primitive.parameters.get("directory");
    const around = UNIT_AGENTS.get(primitive.agent);
    if (around && !around.some((unit) => nodes.some((node) => parts.units.has(node, unit)))) return undefined;
    if (primitive.type === "Filesystem" && !nodes.some((node) => topology.mounts.has(`${node}:${directory}`)))
      return undefined;
    return modelFor(
      {
        ...{ blueprint, topology, parts, cluster, primitive, nodes },
        goesWithNode: () => {},
        durationMs: (operation) => agentDuration(topology.durations, family, operation).ms,
      },
      undefined,
      generic,
    );
  });

  function put(instant: Instant, cell: Cell<Overrides>, operation: OperationOf["operation"], outcome?: Outcome): void {
    const next = new Map(instant.get(cell));
    if (outcome === undefined) next.delete(operation);
    else next.set(operation, Object.freeze({ ...outcome }));
    instant.set(cell, next.size === 0 ? NO_OVERRIDES : new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  return {
    generic: [...generic].sort(),
    readConfigurationsFrom: (configurationOf) => added.readFrom(configurationOf),
    agentFor(cluster, resource) {
      const found = agents.get(`${cluster}/${resource}`) ?? agents.get(`${cluster}/${resource.replace(/:\d+$/, "")}`);
      return found ?? added.agentFor(cluster, resource.replace(/:\d+$/, ""));
    },
    override(instant, which, outcome) {
      const nodes = which.node === undefined ? nodesOf.get(which.cluster) : [which.node];
      for (const node of nodes ?? []) {
        const cell = overrides.get(`${which.cluster}/${which.resource}@${node}`);
        if (cell === undefined)
          throw new RangeError(`unknown resource "${which.resource}" on ${node} in cluster ${which.cluster}`);
        put(instant, cell, which.operation, outcome);
      }
    },
  };
}

function modelFor(context: AgentContext, unit: string | undefined, generic: Set<string>): AgentModel {
  const { primitive, parts, nodes } = context;
  if (primitive.agentClass === "stonith") return stonithAgent(context);
  if (isServiceClass(primitive.agentClass)) return serviceAgent(context, primitive.type);
  const factory = FACTORIES.get(primitive.agent);
  if (factory !== undefined) return factory(context);
  const units = UNIT_AGENTS.get(primitive.agent) ?? (unit !== undefined && !primitive.promotable ? [unit] : []);
  const found = units.find((name) => nodes.some((node) => parts.units.has(node, name)));
  if (found !== undefined) return serviceAgent(context, found);
  generic.add(primitive.agent);
  return processAgent(context);
}

/**
 * Puts the faults of operations around a model. A made-up failure, or a hang, has no effect on the node; a made-up
 * success does what the operation does, in the made-up time.
 */
function withOverrides(
  model: AgentModel,
  cells: ReadonlyMap<NodeId, Cell<Overrides>>,
  primitive: Primitive,
): ResourceAgent {
  return {
    monitor(read, node, depth = 0) {
      const cell = cells.get(node);
      const made = cell && read.get(cell).get("monitor");
      return made ?? model.monitor(read, node, depth);
    },
    begin(instant, node, operation, timeoutMs) {
      const cell = cells.get(node);
      const made = cell && instant.get(cell).get(operation as OperationOf["operation"]);
      if (made !== undefined && (made.rc !== OCF.success || !Number.isFinite(made.durationMs)))
        return { ...made, withoutEffect: true };
      return model.begin(instant, node, operation, {
        timeoutMs: timeoutMs ?? primitive.timeouts.get(operation) ?? DEFAULT_TIMEOUT_MS,
        takesMs: made?.durationMs,
      });
    },
    complete(instant, node, operation, outcome) {
      if (outcome.rc === OCF.success && !outcome.withoutEffect && Number.isFinite(outcome.durationMs))
        model.complete(instant, node, operation as BegunOperation);
    },
    ...(model.attributes && { attributes: model.attributes.bind(model) }),
  };
}
