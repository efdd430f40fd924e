import { parameterDigest } from "../../model/cluster/cib/parameter-digest.js";
import { writeXml } from "../../model/cluster/cib/write.js";
import { parseXml } from "../../model/cluster/cib/xml.js";
import type { Constraint, History, Item, Primitive, RandomCib, RandomNode } from "./cib-arbitrary.js";
import { Subject } from "./features/subject.js";
import { draft } from "./mutations/draft.js";

/** The CIB's XML, deterministic. */
export function cibXml(cib: RandomCib): string {
  const xml = plainXml(cib);
  if (cib.features.length === 0) return xml;
  const root = draft(parseXml(xml, "plain.xml"));
  const subject = new Subject(root);
  for (const feature of cib.features) feature(subject);
  return writeXml(root);
}

function plainXml(cib: RandomCib): string {
  const names = itemIds(cib.items);
  const primitives = cib.items.flatMap((one, i) => primitivesOf(one, names[i]!));
  const resources = cib.items.map((one, i) => itemXml(one, names[i]!));
  resources.push('<primitive id="fencing" class="stonith" type="fence_dummy"/>');
  const options = Object.entries(cib.options).map(
    ([name, value]) => `<nvpair id="opt-${name}" name="${name}" value="${value}"/>`,
  );
  return `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="1" admin_epoch="0" have-quorum="${cib.haveQuorum ? 1 : 0}" dc-uuid="1">
 <configuration>
  <crm_config><cluster_property_set id="opts">${options.join("")}</cluster_property_set></crm_config>
  <nodes>${cib.nodes.map((one, i) => nodeXml(one, i + 1)).join("")}</nodes>
  <resources>
   ${resources.join("\n   ")}
  </resources>
  <constraints>
   ${cib.constraints.map((one, i) => constraintXml(one, i, names, cib)).join("\n   ")}
  </constraints>
 </configuration>
 <status>
  ${cib.nodes.map((one, i) => nodeStateXml(one, i + 1, primitives)).join("\n  ")}
 </status>
</cib>
`;
}

interface NamedPrimitive {
  readonly id: string;
  readonly spec: Primitive;
  readonly promotable: boolean;
}

function itemIds(items: readonly Item[]): string[] {
  return items.map((one, i) => (one.kind === "primitive" ? `r${i}` : one.kind === "group" ? `g${i}` : `c${i}`));
}

function primitivesOf(one: Item, id: string): NamedPrimitive[] {
  if (one.kind === "primitive") return [{ id, spec: one, promotable: false }];
  if (one.kind === "group") return one.members.map((spec, m) => ({ id: `${id}m${m}`, spec, promotable: false }));
  if ("members" in one.of)
    return one.of.members.map((spec, m) => ({ id: `${id}g-m${m}`, spec, promotable: one.promotable }));
  return [{ id: `${id}p`, spec: one.of, promotable: one.promotable }];
}

function metaXml(id: string, meta: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(meta).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  );
  return pairs.length > 0 ? `<meta_attributes id="${id}-meta">${pairs.join("")}</meta_attributes>` : "";
}

function primitiveXml(id: string, spec: Primitive, promotable: boolean): string {
  const type = promotable ? "Stateful" : "Dummy";
  const onFail = spec.onFail ? ` on-fail="${spec.onFail}"` : "";
  const ops =
    spec.monitorSeconds > 0
      ? `<operations><op id="${id}-m" name="monitor" interval="${spec.monitorSeconds}s"${onFail}/></operations>`
      : "";
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="${type}">${metaXml(id, spec.meta)}${ops}</primitive>`;
}

function itemXml(one: Item, id: string): string {
  if (one.kind === "primitive") return primitiveXml(id, one, false);
  if (one.kind === "group")
    return `<group id="${id}">${metaXml(id, one.meta)}${one.members.map((spec, m) => primitiveXml(`${id}m${m}`, spec, false)).join("")}</group>`;
  const meta = metaXml(id, { ...one.meta, ...(one.promotable && { promotable: "true" }) });
  const inner =
    "members" in one.of
      ? `<group id="${id}g">${one.of.members.map((spec, m) => primitiveXml(`${id}g-m${m}`, spec, one.promotable)).join("")}</group>`
      : primitiveXml(`${id}p`, one.of, one.promotable);
  return `<clone id="${id}">${meta}${inner}</clone>`;
}

function nodeXml(one: RandomNode, number: number): string {
  const attribute =
    one.state === "standby" || one.state === "maintenance"
      ? `<instance_attributes id="n${number}-a"><nvpair id="n${number}-${one.state}" name="${one.state}" value="on"/></instance_attributes>`
      : "";
  return `<node id="${number}" uname="n${number}">${attribute}</node>`;
}

function constraintXml(one: Constraint, i: number, names: readonly string[], cib: RandomCib): string {
  const name = (n: number) => names[n % names.length]!;
  const isPromotable = (n: number) => {
    const target = cib.items[n % cib.items.length]!;
    return target.kind === "clone" && target.promotable;
  };
  if (one.kind === "location")
    return `<rsc_location id="k${i}" rsc="${name(one.item)}" node="n${(one.node % cib.nodes.length) + 1}" score="${one.score}"/>`;
  if (one.kind === "colocation") {
    if (name(one.item) === name(one.with)) return "";
    const role = one.role && isPromotable(one.with) ? ` with-rsc-role="${one.role}"` : "";
    return `<rsc_colocation id="k${i}" rsc="${name(one.item)}" with-rsc="${name(one.with)}"${role} score="${one.score}"/>`;
  }
  if (name(one.first) === name(one.second)) return "";
  const action = one.promote && isPromotable(one.first) ? ' first-action="promote" then-action="start"' : "";
  const symmetrical = one.symmetrical && one.orderKind !== "Serialize" ? ` symmetrical="${one.symmetrical}"` : "";
  return `<rsc_order id="k${i}" first="${name(one.first)}"${action} then="${name(one.second)}" kind="${one.orderKind}"${symmetrical}/>`;
}

function nodeStateXml(one: RandomNode, number: number, primitives: readonly NamedPrimitive[]): string {
  if (one.state === "never-seen") return "";
  const up = one.state !== "offline" && one.state !== "unclean";
  const left = one.state === "offline";
  const attrs = up
    ? 'in_ccm="true" crmd="online" join="member" expected="member"'
    : left
      ? 'in_ccm="false" crmd="offline" join="down" expected="down"'
      : 'in_ccm="false" crmd="offline" join="member" expected="member"';
  const shutdown =
    one.state === "shutting-down" ? `<nvpair id="t${number}-s" name="shutdown" value="1400000000"/>` : "";
  const history = left
    ? []
    : primitives.map((target, p) => ({ target, history: one.histories[p % one.histories.length]! }));
  const failures = history
    .filter(({ history: h }) => h === "monitor-failed" || h === "start-failed")
    .map(({ target, history: h }) => {
      const op = h === "start-failed" ? "start_0" : `monitor_${target.spec.monitorSeconds * 1000}`;
      const count = h === "start-failed" ? "INFINITY" : "1";
      return `<nvpair id="t${number}-f-${target.id}" name="fail-count-${target.id}#${op}" value="${count}"/><nvpair id="t${number}-l-${target.id}" name="last-failure-${target.id}#${op}" value="1400000100"/>`;
    });
  const lrm = history.map(({ target, history: h }) => historyXml(target, h, number)).join("");
  return `<node_state id="${number}" uname="n${number}" ${attrs}><transient_attributes id="${number}"><instance_attributes id="t${number}">${shutdown}${failures.join("")}</instance_attributes></transient_attributes><lrm id="${number}"><lrm_resources>${lrm}</lrm_resources></lrm></node_state>`;
}

/** Operations in the order of their call ids: [operation, interval seconds, exit code]. */
function operationsOf(target: NamedPrimitive, history: History): [string, number, number][] {
  const monitor = target.spec.monitorSeconds;
  const recurring = (rc: number): [string, number, number][] => (monitor > 0 ? [["monitor", monitor, rc]] : []);
  switch (history) {
    case "none":
      return [];
    case "absent":
      return [["monitor", 0, 7]];
    case "stopped":
      return [["stop", 0, 0]];
    case "started":
    case "unpromoted":
      return [["start", 0, 0], ...recurring(0)];
    case "started-unmonitored":
      return [["start", 0, 0]];
    case "promoted":
      return target.promotable ? [["promote", 0, 0]] : [["start", 0, 0]];
    case "monitor-failed":
      return [["start", 0, 0], ...recurring(7)];
    case "start-failed":
      return [["start", 0, 1]];
    case "stop-failed":
      return [["stop", 0, 1]];
  }
}

function historyXml(target: NamedPrimitive, history: History, number: number): string {
  const operations = operationsOf(target, history);
  if (operations.length === 0) return "";
  const rows = operations.map(([operation, seconds, rc], i) => {
    const key = `${target.id}_${operation}_${seconds * 1000}`;
    const id =
      seconds > 0 ? key : rc !== 0 && operation !== "monitor" ? `${target.id}_last_failure_0` : `${target.id}_last_0`;
    const expected = operation === "monitor" && seconds === 0 ? 7 : 0;
    const transition = `${i + 1}:${i + 1}:${expected}:11111111-2222-3333-4444-555555555555`;
    return `<lrm_rsc_op id="${id}" operation_key="${key}" operation="${operation}" crm_feature_set="3.16.1" transition-key="${transition}" transition-magic="0:${rc};${transition}" on_node="n${number}" call-id="${10 + i}" rc-code="${rc}" op-status="0" interval="${seconds * 1000}" last-rc-change="1400000000" exec-time="10" queue-time="0"${digestXml(target, seconds)}/>`;
  });
  const type = target.promotable ? "Stateful" : "Dummy";
  return `<lrm_resource id="${target.id}" class="ocf" provider="pacemaker" type="${type}">${rows.join("")}</lrm_resource>`;
}

const NO_PARAMETERS = parameterDigest(new Map());
const MONITOR_PARAMETERS = parameterDigest(new Map([["CRM_meta_timeout", "20000"]]));

/** Every operation leaves a digest of the parameters it ran with; those of a recurring one have its timeout. */
function digestXml(target: NamedPrimitive, seconds: number): string {
  const { parameters } = target.spec;
  if (parameters === "unknown") return "";
  const same = seconds > 0 ? MONITOR_PARAMETERS : NO_PARAMETERS;
  return ` op-digest="${parameters === "same" ? same : "0123456789abcdef0123456789abcdef"}"`;
}
