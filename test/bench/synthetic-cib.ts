/**
 * A CIB with running primitives spread over online nodes, each with a monitor; every other constraint is an order, the
 * rest are colocations, each between neighbours. Deterministic.
 */
export function syntheticCib(nodes: number, resources: number, constraints: number): string {
  const nodeName = (i: number): string => `node${i + 1}`;
  const each = (count: number, one: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => one(i)).join("");
  const magic = 'transition-magic="0:0;1:1:0:6d8f1a3e-0000-4000-8000-000000000000"';
  const history = (i: number): string =>
    `<lrm_resource id="r${i}" type="Dummy" class="ocf" provider="pacemaker">` +
    `<lrm_rsc_op id="r${i}_last_0" operation="start" operation_key="r${i}_start_0" interval="0" call-id="${2 * i + 1}" ` +
    `rc-code="0" op-status="0" transition-key="1:1:0:6d8f1a3e-0000-4000-8000-000000000000" ${magic} ` +
    `op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource>`;
  return (
    `<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">` +
    `<configuration><crm_config><cluster_property_set id="options">` +
    `<nvpair id="options-stonith" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>` +
    `<nodes>${each(nodes, (i) => `<node id="${i + 1}" uname="${nodeName(i)}"/>`)}</nodes>` +
    `<resources>${each(
      resources,
      (i) =>
        `<primitive id="r${i}" class="ocf" provider="pacemaker" type="Dummy"><operations>` +
        `<op id="r${i}-monitor" name="monitor" interval="10s"/></operations></primitive>`,
    )}</resources>` +
    `<constraints>${each(constraints, (i) => {
      const first = i % (resources - 1);
      return i % 2 === 0
        ? `<rsc_order id="c${i}" first="r${first}" then="r${first + 1}"/>`
        : `<rsc_colocation id="c${i}" rsc="r${first + 1}" with-rsc="r${first}" score="10"/>`;
    })}</constraints></configuration><status>${each(
      nodes,
      (n) =>
        `<node_state id="${n + 1}" uname="${nodeName(n)}" in_ccm="true" crmd="online" join="member" expected="member">` +
        `<lrm id="${n + 1}"><lrm_resources>${each(resources, (i) => (i % nodes === n ? history(i) : ""))}` +
        `</lrm_resources></lrm></node_state>`,
    )}</status></cib>\n`
  );
}
