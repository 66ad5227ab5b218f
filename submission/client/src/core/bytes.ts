/** Bytes and text: each value has one way to be written (docs/format.md, "Encodings"). */

import { EncodingError } from "./errors.ts";

const HEX_DIGITS = "0123456789abcdef";
const HALF_PAIR = /\p{Surrogate}/u; // with the u flag whole pairs are one character and do not match
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Bytes in lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15);
  return text;
}

/** The bytes behind lower-case hexadecimal; throws EncodingError for anything else. */
export function unhex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new EncodingError("not lower-case hexadecimal");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Bytes in standard base64 with padding (RFC 4648 section 4). */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** The bytes behind canonical standard base64; throws EncodingError for anything else. */
export function unbase64(text: string): Uint8Array {
  let raw: string;
  try {
    raw = atob(text);
  } catch {
    throw new EncodingError("not base64");
  }
  // atob passes over white space, missing padding and trailing bits: what was written must be what we would write.
  if (btoa(raw) !== text) throw new EncodingError("base64 is not canonical");
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
}

/** All bytes one after the other, in a new array. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join(pieces);
}

/** The same for pieces that may be more than a call takes arguments. */
export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Text in UTF-8; throws EncodingError for half of a surrogate pair, which has no UTF-8. */
export function utf8(text: string): Uint8Array {
  if (isBroken(text)) throw new EncodingError("text holds half of a surrogate pair");
  return new TextEncoder().encode(text);
}

/** The text behind UTF-8, a byte order mark kept as the character it is; throws EncodingError for anything else. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EncodingError("not UTF-8");
  }
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}

/** Whether text holds half of a surrogate pair, which no UTF-8 can say. */
export function isBroken(text: string): boolean {
  return HALF_PAIR.test(text);
}

/** Whether text has no control character, line end or sign that turns the reading direction. */
export function isOneLine(text: string): boolean {
  return !NOT_ONE_LINE.test(text);
}
