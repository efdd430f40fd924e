import { mix } from "./random.js";

/** What a value begins with, so that `1`, `"1"` and `[1]` differ. */
const NOTHING = 1;
const NULL = 2;
const TRUE = 3;
const FALSE = 4;
const WHOLE = 5;
const NUMBER = 6;
const TEXT = 7;
const LIST = 8;
const MAP = 9;
const SET = 10;
const RECORD = 11;

/**
 * Two independent 32-bit hashes of one value: the same for values that `canonical` writes alike, without writing them.
 * Kept in place, so that a hash allocates nothing.
 */
export class ValueHash {
  a = 0;
  b = 0;

  of(value: unknown): this {
    this.a = 0x2545f491;
    this.b = 0x6c078965;
    this.add(value);
    return this;
  }

  /** Goes on with a further value: the hash is of all that came, in its order. */
  add(value: unknown): void {
    if (value === undefined) this.#word(NOTHING);
    else if (value === null) this.#word(NULL);
    else if (typeof value === "boolean") this.#word(value ? TRUE : FALSE);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#text(TEXT, value);
    else if (typeof value === "object") this.#object(value);
    else throw new TypeError(`a world holds data alone, not a ${typeof value}`);
  }

  #word(word: number): void {
    this.a = mix(this.a, word);
    this.b = mix(this.b, ~word);
  }

  #number(value: number): void {
    if ((value | 0) === value) {
      this.#word(WHOLE);
      this.#word(value);
    } else this.#text(NUMBER, String(value));
  }

  #text(kind: number, text: string): void {
    let { a, b } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995);
      b ^= b >>> 15;
    }
    this.a = mix(a, kind + (text.length << 4));
    this.b = mix(b, kind + (text.length << 4));
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.#word(LIST);
      this.#word(value.length);
      for (const item of value) this.add(item);
    } else if (value instanceof Map) {
      this.#word(MAP);
      this.#word(value.size);
      for (const [key, item] of value) {
        this.add(key);
        this.add(item);
      }
    } else if (value instanceof Set) {
      this.#word(SET);
      this.#word(value.size);
      for (const item of value) this.add(item);
    } else this.#record(value as Readonly<Record<string, unknown>>);
  }

  /** In whatever order its keys are: what the entries come to is added up. */
  #record(record: Readonly<Record<string, unknown>>): void {
    const { a, b } = this;
    let sumA = RECORD;
    let sumB = RECORD;
    for (const key in record) {
      this.a = a;
      this.b = b;
      this.#text(TEXT, key);
      this.add(record[key]);
      sumA = (sumA + this.a) | 0;
      sumB = (sumB + this.b) | 0;
    }
    this.a = mix(a, sumA);
    this.b = mix(b, sumB);
  }
}
