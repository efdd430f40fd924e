import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * An ESX host dies with every machine on it. Both nodes of a cluster on one host go together and nobody is left to
 * recover; a vCenter on it takes the fencing of all its machines along. Source: architecture of the fixture;
 * facts, "Fencing" (fence_vmware_soap asks vCenter).
 */
export const crashHypervisor = fault({
  name: "crash-hypervisor",
  summary: "A hypervisor crashes with all its machines.",
  params: z.object({ hypervisor: reference("hypervisor") }),
  subject: ({ hypervisor }) => `hypervisor/${hypervisor}`,
  targets: (topology) => [...topology.hypervisors.keys()].map((hypervisor) => ({ hypervisor })),
  inject: (instant, twin, { hypervisor }) => twin.hosts.setHypervisor(instant, hypervisor, false),
  heal: (instant, twin, { hypervisor }) => twin.hosts.setHypervisor(instant, hypervisor, true),
});
