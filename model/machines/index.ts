import type { AnyStateMachine, EventObject } from "xstate";
import * as address from "./address.js";
import * as amqpLink from "./amqp-link.js";
import * as apiService from "./api-service.js";
import * as clusterController from "./cluster-controller.js";
import * as datadir from "./datadir.js";
import * as dhcpPort from "./dhcp-port.js";
import * as exportFile from "./export.js";
import * as fenceDevice from "./fence-device.js";
import * as guest from "./guest.js";
import * as haproxy from "./haproxy.js";
import * as haproxyServer from "./haproxy-server.js";
import * as hypervisor from "./hypervisor.js";
import * as journey from "./journey.js";
import * as l2Agent from "./l2-agent.js";
import * as link from "./link.js";
import * as lun from "./lun.js";
import * as mount from "./mount.js";
import * as mysqld from "./mysqld.js";
import * as neutronAgent from "./neutron-agent.js";
import * as neutronRouter from "./neutron-router.js";
import * as nfsServer from "./nfs-server.js";
import * as node from "./node.js";
import * as powerController from "./power-controller.js";
import * as powerFeed from "./power-feed.js";
import * as process from "./process.js";
import * as reportingAgent from "./reporting-agent.js";
import * as sqlPool from "./sql-pool.js";
import * as switchBox from "./switch.js";
import * as unit from "./unit.js";

/** A machine with its alphabet: every concrete event that it can be given, or one of each kind over sample names. */
export interface MachineEntry {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly events: readonly EventObject[];
}

/** Every machine of this folder, for tables, diagrams and the tests that walk them. */
export const MACHINES: readonly MachineEntry[] = [
  { name: "address", machine: address.addressMachine, events: address.events },
  { name: "amqp-link", machine: amqpLink.amqpLink, events: amqpLink.events },
  { name: "api-service", machine: apiService.apiService, events: apiService.events },
  { name: "cluster-controller", machine: clusterController.clusterController, events: clusterController.events },
  { name: "datadir", machine: datadir.datadirMachine, events: datadir.events },
  { name: "dhcp-port", machine: dhcpPort.dhcpPort, events: dhcpPort.events },
  { name: "export", machine: exportFile.exportMachine, events: exportFile.events },
  { name: "fence-device", machine: fenceDevice.fenceDevice, events: fenceDevice.events },
  { name: "guest", machine: guest.guest, events: guest.events },
  { name: "haproxy-server", machine: haproxyServer.haproxyServer, events: haproxyServer.events },
  { name: "haproxy", machine: haproxy.haproxy, events: haproxy.events },
  { name: "hypervisor", machine: hypervisor.hypervisorMachine, events: hypervisor.events },
  { name: "journey", machine: journey.journey, events: journey.events },
  { name: "l2-agent", machine: l2Agent.l2Agent, events: l2Agent.events },
  { name: "link", machine: link.linkMachine, events: link.events },
  { name: "lun", machine: lun.lunMachine, events: lun.events },
  { name: "mount", machine: mount.mountMachine, events: mount.events },
  { name: "mysqld", machine: mysqld.mysqldMachine, events: mysqld.events },
  { name: "neutron-agent", machine: neutronAgent.neutronAgent, events: neutronAgent.events },
  { name: "neutron-router", machine: neutronRouter.neutronRouter, events: neutronRouter.events },
  { name: "nfs-server", machine: nfsServer.nfsServerMachine, events: nfsServer.events },
  { name: "node", machine: node.nodeMachine, events: node.events },
  { name: "power-controller", machine: powerController.powerControllerMachine, events: powerController.events },
  { name: "power-feed", machine: powerFeed.powerFeedMachine, events: powerFeed.events },
  { name: "process", machine: process.processMachine, events: process.events },
  { name: "reporting-agent", machine: reportingAgent.reportingAgent, events: reportingAgent.events },
  { name: "sql-pool", machine: sqlPool.sqlPool, events: sqlPool.events },
  { name: "switch", machine: switchBox.switchMachine, events: switchBox.events },
  { name: "unit", machine: unit.unitMachine, events: unit.events },
];
