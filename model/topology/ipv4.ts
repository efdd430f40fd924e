/** IPv4 addresses and networks as text, as the files have them. Functions expect what `isAddress` and `isCidr` accept. */

export function isAddress(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

export function isCidr(text: string): boolean {
  const [address, prefix, ...rest] = text.split("/");
  return rest.length === 0 && isAddress(address!) && prefix !== undefined && /^\d{1,2}$/.test(prefix) && +prefix <= 32;
}

/** An address as a number, for comparing and ordering. */
export function addressNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export function cidrPrefix(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

/** Whether "10.1.2.0/24" holds "10.1.2.3". */
export function cidrHolds(cidr: string, address: string): boolean {
  const size = 2 ** (32 - cidrPrefix(cidr));
  const start = addressNumber(cidr.slice(0, cidr.indexOf("/")));
  return Math.floor(start / size) === Math.floor(addressNumber(address) / size);
}

/** The network address itself is written, not one of its hosts: "10.1.2.0/24", not "10.1.2.3/24". */
export function isNetworkAddress(cidr: string): boolean {
  return addressNumber(cidr.slice(0, cidr.indexOf("/"))) % 2 ** (32 - cidrPrefix(cidr)) === 0;
}
