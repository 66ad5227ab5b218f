// Numbers and text out of bytes that nobody vouches for. Whatever lies outside the bytes is a damaged file.
import { LookError } from "./errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/** `size` bytes at `at`, without a copy. Throws LookError "damaged" outside of `bytes`. */
export function slice(bytes: Uint8Array, at: number, size: number): Uint8Array {
  if (!(at >= 0 && size >= 0 && at + size <= bytes.length)) throw new LookError("damaged");
  return bytes.subarray(at, at + size);
}

/** An unsigned number of 1 to 4 bytes. Throws LookError "damaged" outside of `bytes`. */
export function number(bytes: Uint8Array, at: number, size: 1 | 2 | 4, little = false): number {
  const part = slice(bytes, at, size);
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + part[little ? size - 1 - i : i]!;
  return value;
}

/** Writes an unsigned number of 2 or 4 bytes. */
export function putNumber(bytes: Uint8Array, at: number, size: 2 | 4, value: number, little = false): void {
  for (let i = 0; i < size; i++) bytes[at + (little ? i : size - 1 - i)] = Math.floor(value / 256 ** i) % 256;
}

/** One character for each byte (windows-1252), so that positions stay. */
export function characters(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

/** UTF-8 if it is, windows-1252 otherwise, up to `limit` bytes. */
export function text(bytes: Uint8Array, limit = 600): string {
  const part = bytes.subarray(0, limit);
  try {
    return utf8.decode(part);
  } catch {
    return latin1.decode(part);
  }
}

export function ascii(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}

/** Whether the ASCII text `mark` stands at `at`. */
export function marked(bytes: Uint8Array, at: number, mark: string): boolean {
  if (at < 0 || at + mark.length > bytes.length) return false;
  for (let i = 0; i < mark.length; i++) if (bytes[at + i] !== mark.charCodeAt(i)) return false;
  return true;
}

/** Whether two arrays hold the same bytes. Not in constant time: nothing here is a secret from the one who looks. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** CRC-32 as in PNG and zip (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
