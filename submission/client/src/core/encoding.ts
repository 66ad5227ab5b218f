/** How messages are written and read: what the rest of the client imports. */

import { isBroken, utf8 } from "./bytes.ts";
import { EncodingError } from "./errors.ts";

export { base64, concat, equal, fromUtf8, hex, isOneLine, unbase64, unhex, utf8 } from "./bytes.ts";
export { Fields, parse } from "./fields.ts";

/** What a message can hold. Numbers are integers below 2^53. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const LIKE_INDEX = /^(?:0|[1-9][0-9]*)$/;

/**
 * An object as compact UTF-8 JSON, its fields in the order given. Throws EncodingError for a value that has no such
 * form: a fraction, half of a surrogate pair, undefined, or a name such as "7", whose place JavaScript does not keep.
 */
export function dump(value: { readonly [name: string]: Json }): Uint8Array {
  const text = JSON.stringify(value, (name, one: unknown) => {
    if (isBroken(name) || !isJson(one)) throw new EncodingError("a value cannot be written as JSON");
    return one;
  });
  return utf8(text);
}

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value === "string") return !isBroken(value);
  if (typeof value !== "object") return typeof value === "boolean";
  return value === null || Array.isArray(value) || !Object.keys(value).some((name) => LIKE_INDEX.test(name));
}
