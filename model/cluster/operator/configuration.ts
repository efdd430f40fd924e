import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { Cib } from "../cib/types.js";
import type { ClusterOperator } from "../clusters.js";
import {
  withLocation,
  withNodeAttribute,
  withOption,
  withoutConstraints,
  withResourceAttribute,
} from "../configuration/edit.js";
import { type Command, type Commands, configure } from "./commands.js";

/** Commands that change the configuration: options, resources, nodes' attributes, constraints. */
export function configurationCommands(commands: Commands) {
  /** `done` says what it came to: the reason for which the DC looks. */
  const edit = (instant: Instant, at: NodeId, command: Command, change: (cib: Cib) => Cib, done: string): number =>
    commands.run(instant, at, command, (found) => configure(instant, found, change, done));

  const setMeta: ClusterOperator["setMeta"] = (instant, at, resource, name, value) =>
    edit(
      instant,
      at,
      {
        subject: commands.resourceOf(at, resource),
        what: setting(name, value),
        text: `crm_resource --resource ${resource} --meta ${parameterOption(name, value)}`,
      },
      (cib) => withResourceAttribute(cib, resource, "meta_attributes", name, value) ?? cib,
      `${name} of ${resource} changed`,
    );

  const setNodeAttribute: ClusterOperator["setNodeAttribute"] = (instant, at, node, name, value, lifetime) => {
    const update = value === undefined ? "--delete" : `--update ${value}`;
    const command = {
      subject: `node/${node}`,
      what: setting(name, value),
      text: `crm_attribute --node ${node} --name ${name} ${update} --lifetime ${lifetime}`,
    };
    const done = `${name} of ${node} changed`;
    if (lifetime === "forever")
      return edit(instant, at, command, (cib) => withNodeAttribute(cib, node, name, value), done);
    return commands.run(instant, at, command, ({ runtime }) => {
      const cells = runtime.core.byName.get(node);
      if (cells) runtime.controller.setAttribute(instant, cells, name, value, done);
    });
  };

  return {
    setMeta,
    setNodeAttribute,
    enable: (instant, at, resource) => setMeta(instant, at, resource, "target-role", undefined),
    disable: (instant, at, resource) => setMeta(instant, at, resource, "target-role", "Stopped"),
    manage: (instant, at, resource) => setMeta(instant, at, resource, "is-managed", undefined),
    unmanage: (instant, at, resource) => setMeta(instant, at, resource, "is-managed", "false"),
    nodeMaintenance: (instant, at, node, on) =>
      setNodeAttribute(instant, at, node, "maintenance", on ? "true" : undefined, "forever"),
    standby: (instant, at, node, on) =>
      edit(
        instant,
        at,
        {
          subject: `node/${node}`,
          what: on ? "standby" : "unstandby",
          text: `pcs cluster ${on ? "standby" : "unstandby"} ${node}`,
        },
        (cib) => withNodeAttribute(cib, node, "standby", on ? "on" : undefined),
        `${node} ${on ? "goes to standby" : "leaves standby"}`,
      ),
    setOption: (instant, at, name, value) =>
      edit(
        instant,
        at,
        {
          subject: commands.clusterOf(at),
          what: setting(name, value),
          text: `pcs property ${setting(name, value)}`,
        },
        (cib) => withOption(cib, name, value),
        `${name} changed`,
      ),
    setParameter: (instant, at, resource, name, value) =>
      edit(
        instant,
        at,
        {
          subject: commands.resourceOf(at, resource),
          what: setting(name, value),
          text: `crm_resource --resource ${resource} ${parameterOption(name, value)}`,
        },
        (cib) => withResourceAttribute(cib, resource, "instance_attributes", name, value) ?? cib,
        `${name} of ${resource} changed`,
      ),
    addLocation: (instant, at, id, resource, node, score) =>
      edit(
        instant,
        at,
        {
          subject: commands.resourceOf(at, resource),
          what: "location added",
          text: `pcs constraint location add ${id} ${resource} ${node} ${score}`,
        },
        (cib) => withLocation(cib, { id, resource, node, score }),
        `constraint ${id} was added`,
      ),
    removeConstraint: (instant, at, id) =>
      edit(
        instant,
        at,
        { subject: commands.clusterOf(at), what: "constraint removed", text: `pcs constraint remove ${id}` },
        (cib) => withoutConstraints(cib, (e) => e.attrs["id"] === id),
        `constraint ${id} was removed`,
      ),
    edit: (instant, at, text, change) =>
      edit(
        instant,
        at,
        { subject: commands.clusterOf(at), what: "configuration edited", text },
        change,
        "the configuration was edited",
      ),
  } satisfies Partial<ClusterOperator>;
}

function setting(name: string, value: string | undefined): string {
  return value === undefined ? `unset ${name}` : `set ${name}=${value}`;
}

/** `crm_resource`'s own words. */
function parameterOption(name: string, value: string | undefined): string {
  return value === undefined ? `--delete-parameter ${name}` : `--set-parameter ${name} --parameter-value ${value}`;
}
