/** The fields of one JSON object, asked for by name and then closed with `end`: what wire/fields.py does, and no more. */

import { fromUtf8, isOneLine, unbase64, unhex, utf8 } from "./bytes.ts";
import { EncodingError, type LapwingError } from "./errors.ts";
import { parseJson, type Value } from "./json.ts";

/** Makes the error that a message is refused with. */
export type Refusal = (message: string) => LapwingError;

/**
 * Reads one strict JSON object.
 *
 * @param untrusted the bytes as they came
 * @param limit most bytes accepted
 * @param what a name for the thing, for error messages ("roster")
 * @param refusal makes the error that is thrown, here and by the Fields; an EncodingError if not given
 */
export function parse(
  untrusted: Uint8Array,
  limit: number,
  what: string,
  refusal: Refusal = (message) => new EncodingError(message),
): Fields {
  if (untrusted.length > limit) throw refusal(`${what}: more than ${limit} bytes`);
  let value: Value;
  try {
    value = parseJson(fromUtf8(untrusted));
  } catch (error) {
    if (error instanceof EncodingError) throw refusal(`${what}: ${error.message}`);
    throw error;
  }
  if (!(value instanceof Map)) throw refusal(`${what}: not a JSON object`);
  return new Fields(value, what, refusal);
}

/** Every method throws the refusal's error when the field is missing or not what was asked for. Sizes of text are bytes of UTF-8. */
export class Fields {
  readonly #values: ReadonlyMap<string, Value>;
  readonly #what: string;
  readonly #refusal: Refusal;
  readonly #asked = new Set<string>();

  constructor(values: ReadonlyMap<string, Value>, what: string, refusal: Refusal) {
    this.#values = values;
    this.#what = what;
    this.#refusal = refusal;
  }

  /** Whether the field is there: the ones that may be missing are asked for first. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Text of `least` to `most` bytes. */
  text(name: string, most: number, least = 0): string {
    const value = this.#take(name);
    if (typeof value !== "string") return this.refuse(name, "is not text");
    const size = utf8(value).length;
    if (size < least || size > most) return this.refuse(name, `is not ${least} to ${most} bytes`);
    return value;
  }

  /** Text of one line (isOneLine). */
  line(name: string, most: number, least = 1): string {
    const value = this.text(name, most, least);
    return isOneLine(value) ? value : this.refuse(name, "holds a control character");
  }

  /** An integer from `least` to `most`, both included. */
  integer(name: string, least: number, most: number): number {
    const value = this.#take(name);
    if (typeof value === "number" && value >= least && value <= most) return value;
    return this.refuse(name, `is not an integer from ${least} to ${most}`);
  }

  /** Exactly `size` bytes written in lower-case hexadecimal. */
  hex(name: string, size: number): Uint8Array {
    return this.#decoded(name, unhex, size, size, "hexadecimal");
  }

  /** `least` to `most` bytes written in canonical standard base64. */
  base64(name: string, least: number, most: number): Uint8Array {
    return this.#decoded(name, unbase64, least, most, "base64");
  }

  /** The fields of one object within this one. */
  object(name: string): Fields {
    const value = this.#take(name);
    if (!(value instanceof Map)) return this.refuse(name, "is not an object");
    return new Fields(value, `${this.#what}: ${name}`, this.#refusal);
  }

  /** `least` to `most` objects within this one. */
  objects(name: string, most: number, least = 0): readonly Fields[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      return this.refuse(name, `is not a list of ${least} to ${most}`);
    }
    return value.map((one: Value) => {
      if (!(one instanceof Map)) return this.refuse(name, "is not an object");
      return new Fields(one, `${this.#what}: ${name}`, this.#refusal);
    });
  }

  /** Refuses any field that was not asked for. */
  end(): void {
    for (const name of this.#values.keys()) {
      if (!this.#asked.has(name)) throw this.#refusal(`${this.#what}: a field that does not belong there`);
    }
  }

  /** Throws this object's error for a field; `reason` must not repeat its value. */
  refuse(name: string, reason: string): never {
    throw this.#refusal(`${this.#what}: ${name} ${reason}`);
  }

  #take(name: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) return this.refuse(name, "is missing");
    this.#asked.add(name);
    return value;
  }

  #decoded(name: string, decode: (text: string) => Uint8Array, least: number, most: number, kind: string): Uint8Array {
    const value = this.#take(name);
    try {
      const bytes = typeof value === "string" ? decode(value) : undefined;
      if (bytes !== undefined && bytes.length >= least && bytes.length <= most) return bytes;
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
    }
    return this.refuse(name, `is not ${least} to ${most} bytes in ${kind}`);
  }
}
