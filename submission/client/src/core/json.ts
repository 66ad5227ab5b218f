/**
 * Strict JSON, as wire/fields.py reads it: a name given twice, fractions, integers of more than 16 characters, nesting
 * deeper than eight and half of a surrogate pair are refused. JSON.parse alone would let most of that through.
 */

import { isBroken } from "./bytes.ts";
import { EncodingError } from "./errors.ts";

/** A value as it was read. Objects are maps, so that every name keeps its place and none is special. */
export type Value = null | boolean | number | string | readonly Value[] | ReadonlyMap<string, Value>;

const DEPTH = 8; // objects and arrays open at once, the outermost included
const DIGITS = 16; // characters of an integer, its sign included
const SPACE = /[ \t\n\r]*/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;

/** Reads one JSON value that fills the whole text; throws EncodingError for anything else. */
export function parseJson(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** Where one reading stands. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Value {
    this.#space();
    const sign = this.#text.charAt(this.#at);
    if (sign === "{") return this.#object(depth + 1);
    if (sign === "[") return this.#array(depth + 1);
    if (sign === '"') return this.#string();
    if (this.#skip("true")) return true;
    if (this.#skip("false")) return false;
    if (this.#skip("null")) return null;
    return this.#integer();
  }

  end(): void {
    this.#space();
    if (this.#at !== this.#text.length) refuse();
  }

  #object(depth: number): ReadonlyMap<string, Value> {
    const found = new Map<string, Value>();
    this.#open("{", depth);
    if (this.#closes("}")) return found;
    do {
      this.#space();
      const name = this.#string();
      this.#space();
      this.#demand(":");
      if (found.has(name)) refuse();
      found.set(name, this.value(depth));
    } while (this.#another("}"));
    return found;
  }

  #array(depth: number): readonly Value[] {
    const found: Value[] = [];
    this.#open("[", depth);
    if (this.#closes("]")) return found;
    do found.push(this.value(depth));
    while (this.#another("]"));
    return found;
  }

  #string(): string {
    const from = this.#at;
    this.#demand('"');
    for (;;) {
      const end = this.#text.indexOf('"', this.#at);
      if (end < 0) refuse();
      const escape = this.#text.indexOf("\\", this.#at);
      if (escape < 0 || escape > end) {
        this.#at = end + 1;
        break;
      }
      this.#at = escape + 2;
    }
    let value: unknown;
    try {
      value = JSON.parse(this.#text.slice(from, this.#at)); // one string: here JSON.parse is as strict as we are
    } catch {
      refuse();
    }
    if (typeof value !== "string" || isBroken(value)) refuse();
    return value;
  }

  #integer(): number {
    INTEGER.lastIndex = this.#at;
    const digits = INTEGER.exec(this.#text)?.[0];
    if (digits === undefined || digits.length > DIGITS) refuse();
    const value = Number(digits) + 0; // -0 is 0
    if (!Number.isSafeInteger(value)) refuse(); // from 2^53 on it would be read as another
    this.#at += digits.length;
    return value;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #open(bracket: string, depth: number): void {
    if (depth > DEPTH) refuse();
    this.#demand(bracket);
  }

  #closes(bracket: string): boolean {
    this.#space();
    return this.#skip(bracket);
  }

  #another(bracket: string): boolean {
    if (this.#closes(bracket)) return false;
    this.#demand(",");
    return true;
  }

  #demand(sign: string): void {
    if (!this.#skip(sign)) refuse();
  }

  #skip(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }
}

function refuse(): never {
  throw new EncodingError("not strict JSON");
}
