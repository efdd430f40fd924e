import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { graphElement } from "../../../../model/cluster/scheduler/print/graph-xml.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { graphLines } from "../../../differential/graphs.js";

export const NOW = 1_767_225_600;

/** A cluster of a few nodes, n1, n2, …, for one test. */
export interface Small {
  /** Two, unless more are asked for. */
  readonly members?: number;
  readonly options?: Readonly<Record<string, string>>;
  readonly resources: string;
  readonly constraints?: string;
  /** Further sections of the configuration. */
  readonly configuration?: string;
  /** Histories by node number; nodes are there and up, unless their state says otherwise. */
  readonly histories?: Readonly<Record<number, string>>;
  readonly attributes?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly states?: Readonly<Record<number, string>>;
  readonly featureSet?: string;
  readonly haveQuorum?: boolean;
}

const UP = 'in_ccm="true" crmd="online" join="member" expected="member"';
export const DOWN = 'in_ccm="false" crmd="offline" join="down" expected="down"';

/** What is printed of a decision, runs of blanks folded. */
export function decide(small: Small): string {
  return simulate(readCib(smallCib(small), "cib.xml"), scheduler, { nowEpochSeconds: NOW }).text.replace(/ +/g, " ");
}

/** The actions and orderings of the transition graph, one a line. */
export function graphOf(small: Small): readonly string[] {
  return graphLines(graphElement(simulate(readCib(smallCib(small), "cib.xml"), scheduler, { nowEpochSeconds: NOW })));
}

export function smallCib(small: Small): string {
  const nvpair = (name: string, value: string): string => `<nvpair id="i-${name}" name="${name}" value="${value}"/>`;
  const options = Object.entries(small.options ?? {}).map(([name, value]) => nvpair(name, value));
  const members = Array.from({ length: small.members ?? 2 }, (_, i) => i + 1);
  const nodes = members.map((n) => `<node id="${n}" uname="n${n}"/>`);
  const states = members.map((n) => {
    const pairs = Object.entries(small.attributes?.[n] ?? {}).map(([name, value]) => nvpair(name, value));
    return `<node_state id="${n}" uname="n${n}" ${small.states?.[n] ?? UP}>
      <transient_attributes id="${n}"><instance_attributes id="t${n}">${pairs.join("")}</instance_attributes></transient_attributes>
      <lrm id="${n}"><lrm_resources>${small.histories?.[n] ?? ""}</lrm_resources></lrm></node_state>`;
  });
  return `<cib crm_feature_set="${small.featureSet ?? "3.16.1"}" validate-with="pacemaker-3.9" epoch="1" num_updates="1" admin_epoch="0" have-quorum="${small.haveQuorum === false ? 0 : 1}" dc-uuid="2">
    <configuration><crm_config><cluster_property_set id="options">${options.join("")}</cluster_property_set></crm_config>
    <nodes>${nodes.join("")}</nodes>
    <resources>${small.resources}</resources><constraints>${small.constraints ?? ""}</constraints>${small.configuration ?? ""}</configuration>
    <status>${states.join("")}</status></cib>`;
}

export const primitive = (id: string, more = ""): string =>
  `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${more}</primitive>`;
export const meta = (id: string, name: string, value: string): string =>
  `<meta_attributes id="${id}-m"><nvpair id="${id}-${name}" name="${name}" value="${value}"/></meta_attributes>`;
const NO_PARAMETERS = 'op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"';
export const operation = (id: string, name: string, rc: number, call: number): string =>
  `<lrm_rsc_op id="${id}_last_0" operation_key="${id}_${name}_0" operation="${name}" interval="0" call-id="${call}" rc-code="${rc}" op-status="0" transition-key="1:1:${rc}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" transition-magic="0:${rc};1:1:${rc}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" last-rc-change="1700000000" ${NO_PARAMETERS}/>`;
export const history = (id: string, ops: string, more = ""): string =>
  `<lrm_resource id="${id}" class="ocf" provider="pacemaker" type="Dummy" ${more}>${ops}</lrm_resource>`;
export const started = (id: string): string => history(id, operation(id, "start", 0, 5));
export const absent = (id: string): string => history(id, operation(id, "monitor", 7, 3));
export const FENCE = '<primitive id="fencing" class="stonith" type="fence_dummy"/>';
export const NO_FENCING = { "stonith-enabled": "false" };
