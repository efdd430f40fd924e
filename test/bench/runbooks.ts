import { scheduler } from "../../model/cluster/scheduler/index.js";
import { Twins } from "../../scenarios/run.js";
import { settledFor, topologyFileOf } from "../../scenarios/runbook/page/prepare-runbook.js";
import { readRunbook } from "../../scenarios/runbook/page/read-runbook.js";
import { playRunbook } from "../../scenarios/runbook/play/play.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { say } from "./measure.js";

const RUNS = 50;
const AIM_MS = 10_000;

/** Twenty steps on the reference architecture: looks, a failover of the database and back, waits, edits. */
const STEPS: readonly string[] = [
  "```sh mysql1\npcs status | grep Online\n```",
  "```sh mysql1\npcs resource failcount show mysqld\n```",
  "```sh mysql2\nshowmount -e 10.16.2.5\n```",
  "```sh mysql1\npcs cluster standby mysql1\n```",
  "```wait node=mysql2 timeout=5m\nmysql -h 192.168.16.210 -e 'select 1'\n```",
  "```sh mysql2\nmount | grep /var/lib/mysql\n```",
  "```sh mysql2\ncrm_mon -1 | awk '/mysqld/ {print $NF}'\n```",
  "```sh mysql2\nfor i in 1 2 3; do ping -c 1 mysql1; done\n```",
  "```sh mysql1\nsed -i s/x/y/ /etc/hosts\n```",
  "```sh mysql1\ndate; hostname; df -h\n```",
  "```sh mysql2\npcs cluster unstandby mysql1\n```",
  "```sh mysql2\ncrm_resource --wait\n```",
  "```sh lb1\npcs status resources\n```",
  "```sh lb1\ncurl -s -o /dev/null -w '%{http_code}' http://192.168.16.200:5000/\n```",
  "```sh lb1\nhaproxy -c -f /etc/haproxy/haproxy.cfg\n```",
  "```sh ctl1\nnova service-list\n```",
  "```sh ctl1\nneutron agent-list\n```",
  "```sh net1\nip netns list\n```",
  "```sh net1\ncrudini --get /etc/neutron/dhcp_agent.ini DEFAULT enable_isolated_metadata\n```",
  "```sh mysql1\nsleep 60; pcs status\n```",
];

/** Fifty runs of a runbook of twenty steps, in processor time of this one thread. */
export async function runbooks(): Promise<void> {
  const text = `---\ntopology: ../openstack-havana/topology.yaml\n---\n\n# Twenty steps\n\n${STEPS.join("\n\n")}\n`;
  const page = readRunbook(text, "fixtures/runbooks/twenty-steps.md");
  const loaded = loadTopology(topologyFileOf(page));
  if (!loaded.ok) throw loaded.errors[0];
  const settled = settledFor(page, loaded.topology, new Twins({ scheduler }));
  const first = await playRunbook(settled, page, { keepGoing: true });
  const problems = first.steps.flatMap((step) => [...step.problems.map((one) => one.text), ...step.notModelled]);
  if (problems.length > 0) throw new Error(`the page to be measured does not run: ${problems[0]}`);
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) await playRunbook(settled, page);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000;
  say(
    `runbooks: ${RUNS} runs of ${page.steps.length} steps in ${(ms / 1_000).toFixed(1)} s of processor time (aim ${AIM_MS / 1_000} s)`,
  );
}
