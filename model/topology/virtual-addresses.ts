import type { Cib } from "../cluster/cib/types.js";
import { primitivesOf } from "./primitives.js";
import type { Place } from "./types.js";

/** An address that a resource adds to a NIC. */
export interface ResourceAddress {
  readonly resource: string;
  readonly address: string;
  /** Undefined: the agent takes it from the NIC's own network. */
  readonly prefix: number | undefined;
  readonly nic: string | undefined;
  readonly place: Place;
}

/** IPaddr2's and IPaddr's addresses of a CIB, as its parameters have them. */
export function resourceAddresses(cib: Cib, cibFile: string): readonly ResourceAddress[] {
  return primitivesOf(cib)
    .filter(({ agentClass, type }) => agentClass === "ocf" && (type === "IPaddr2" || type === "IPaddr"))
    .map(({ id, parameters, parameterLines, line }) => ({
      resource: id,
      address: parameters.get("ip") ?? "",
      prefix: maskPrefix(parameters.get("cidr_netmask")),
      nic: parameters.get("nic"),
      place: { file: cibFile, line: parameterLines.get("ip") ?? line },
    }));
}

/** "24" or "255.255.255.0". */
function maskPrefix(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,2}$/.test(text) && Number(text) <= 32) return Number(text);
  const bits = text.split(".").map((part) => Number(part).toString(2).padStart(8, "0"));
  return /^1*0*$/.test(bits.join("")) && bits.length === 4 ? bits.join("").indexOf("0") : undefined;
}
