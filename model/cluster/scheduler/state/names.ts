/** The order in which nodes are listed: numbers in the names by value, letters without their case. */
export function compareNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const c = a.charCodeAt(i);
    const d = b.charCodeAt(j);
    if (isDigit(c) && isDigit(d)) {
      let m = 0;
      let n = 0;
      while (i < a.length && isDigit(a.charCodeAt(i))) m = m * 10 + a.charCodeAt(i++) - 0x30;
      while (j < b.length && isDigit(b.charCodeAt(j))) n = n * 10 + b.charCodeAt(j++) - 0x30;
      if (m !== n) return m < n ? -1 : 1;
      continue;
    }
    const x = lower(c);
    const y = lower(d);
    if (x !== y) return x < y ? -1 : 1;
    i++;
    j++;
  }
  return i < a.length ? 1 : j < b.length ? -1 : 0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code;
}

/** An id without the `:N` at its end. */
export function withoutNumber(id: string): string {
  let i = id.length - 1;
  while (i > 0 && isDigit(id.charCodeAt(i))) i--;
  return i < id.length - 1 && i > 0 && id[i] === ":" ? id.slice(0, i) : id;
}
