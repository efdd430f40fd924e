import type { OperatorAction } from "../faults/fault.js";
import { ban } from "./ban.js";
import { cleanup } from "./cleanup.js";
import { clear } from "./clear.js";
import { confirmFence } from "./confirm-fence.js";
import { disable } from "./disable.js";
import { enable } from "./enable.js";
import { fenceNode } from "./fence-node.js";
import { maintenance } from "./maintenance.js";
import { manage } from "./manage.js";
import { move } from "./move.js";
import { powerOff } from "./power-off.js";
import { powerOn } from "./power-on.js";
import { rebootGuest } from "./reboot-guest.js";
import { rebootNode } from "./reboot-node.js";
import { restartUnit } from "./restart-unit.js";
import { setMeta } from "./set-meta.js";
import { setProperty } from "./set-property.js";
import { shutdownNode } from "./shutdown-node.js";
import { standby } from "./standby.js";
import { startCluster } from "./start-cluster.js";
import { startUnit } from "./start-unit.js";
import { stopCluster } from "./stop-cluster.js";
import { stopUnit } from "./stop-unit.js";
import { unmanage } from "./unmanage.js";
import { unstandby } from "./unstandby.js";
import { writeFile } from "./write-file.js";

const all: readonly OperatorAction[] = [
  ban,
  cleanup,
  clear,
  confirmFence,
  disable,
  enable,
  fenceNode,
  maintenance,
  manage,
  move,
  powerOff,
  powerOn,
  rebootGuest,
  rebootNode,
  restartUnit,
  setMeta,
  setProperty,
  shutdownNode,
  standby,
  startCluster,
  startUnit,
  stopCluster,
  stopUnit,
  unmanage,
  unstandby,
  writeFile,
];

/** Everything that an operator can do, by name. */
export const operatorActions: ReadonlyMap<string, OperatorAction> = new Map(all.map((one) => [one.name, one]));
