// The objects of PDF (ISO 32000-2, 7.2 and 7.3), as trees that can be written back byte for byte.
import { characters } from "./bytes.ts";
import { LookError } from "./errors.ts";

export type Value =
  | { readonly kind: "raw"; readonly bytes: Uint8Array } // numbers, true, false, null
  | { readonly kind: "string"; readonly bytes: Uint8Array } // with its brackets
  | { readonly kind: "name"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "array"; readonly items: readonly Value[] }
  | { readonly kind: "dictionary"; readonly entries: Dictionary }
  | { readonly kind: "reference"; readonly number: number };
/** Names without the slash, escapes resolved. */
export type Dictionary = ReadonlyMap<string, Value>;

export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

const DEEPEST = 100;
const MOST_VALUES = 2_000_000; // in one object
const SPACES = new Set([0, 9, 10, 12, 13, 32]);
const ENDS = new Set([...SPACES, ..."()<>[]{}/%"].map((each) => (typeof each === "number" ? each : each.charCodeAt(0))));

/** Moves over white space and comments. */
export function skipSpace(cursor: Cursor): void {
  const { bytes } = cursor;
  for (; cursor.at < bytes.length; cursor.at++) {
    const byte = bytes[cursor.at]!;
    if (byte === 0x25) {
      while (cursor.at < bytes.length && bytes[cursor.at] !== 10 && bytes[cursor.at] !== 13) cursor.at++;
    } else if (!SPACES.has(byte)) return;
  }
}

/** The next word: everything up to white space or a delimiter; "" at a delimiter. At most 300 bytes. */
export function word(cursor: Cursor): string {
  skipSpace(cursor);
  const from = cursor.at;
  while (cursor.at < cursor.bytes.length && cursor.at - from < 300 && !ENDS.has(cursor.bytes[cursor.at]!)) cursor.at++;
  return characters(cursor.bytes.subarray(from, cursor.at));
}

/** The next word as a whole number of at most 10 digits. Throws LookError "damaged". */
export function integer(cursor: Cursor): number {
  const text = word(cursor);
  if (!/^\d{1,10}$/.test(text)) throw new LookError("damaged");
  return Number(text);
}

/** Moves over `expected`. Throws LookError "damaged" when something else stands there. */
export function expect(cursor: Cursor, expected: string): void {
  if (word(cursor) !== expected) throw new LookError("damaged");
}

function readString(cursor: Cursor): Value {
  const { bytes } = cursor;
  const from = cursor.at;
  if (bytes[from] === 0x3c) {
    const end = bytes.indexOf(0x3e, from);
    if (end < 0) throw new LookError("damaged");
    cursor.at = end + 1;
    return { kind: "string", bytes: bytes.subarray(from, end + 1) };
  }
  let open = 0;
  for (; cursor.at < bytes.length; cursor.at++) {
    const byte = bytes[cursor.at];
    if (byte === 0x5c) cursor.at++;
    else if (byte === 0x28) open++;
    else if (byte === 0x29 && --open === 0) {
      cursor.at++;
      return { kind: "string", bytes: bytes.subarray(from, cursor.at) };
    }
  }
  throw new LookError("damaged");
}

function readName(cursor: Cursor): Value & { kind: "name" } {
  const from = cursor.at++;
  while (cursor.at < cursor.bytes.length && !ENDS.has(cursor.bytes[cursor.at]!)) cursor.at++;
  if (cursor.at - from > 1000) throw new LookError("damaged");
  const bytes = cursor.bytes.subarray(from, cursor.at);
  const name = characters(bytes.subarray(1)).replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { kind: "name", name, bytes };
}

/** A number, a reference ("12 0 R") or a keyword. */
function readRaw(cursor: Cursor): Value {
  const from = cursor.at;
  const text = word(cursor);
  const end = cursor.at;
  if (text === "" || !/^(?:[-+.\d]+|true|false|null)$/.test(text)) throw new LookError("damaged");
  if (/^\d{1,10}$/.test(text)) {
    if (/^\d{1,5}$/.test(word(cursor)) && word(cursor) === "R") return { kind: "reference", number: Number(text) };
    cursor.at = end;
  }
  return { kind: "raw", bytes: cursor.bytes.subarray(from, end) };
}

/** The value at the cursor, which moves behind it. Throws LookError "damaged". */
export function readValue(cursor: Cursor, depth = 0, budget = { left: MOST_VALUES }): Value {
  skipSpace(cursor);
  if (depth > DEEPEST || budget.left-- === 0) throw new LookError("damaged");
  const { bytes } = cursor;
  const byte = bytes[cursor.at];
  if (byte === 0x2f) return readName(cursor);
  if (byte === 0x28 || (byte === 0x3c && bytes[cursor.at + 1] !== 0x3c)) return readString(cursor);
  if (byte === 0x5b) {
    const items: Value[] = [];
    cursor.at++;
    for (skipSpace(cursor); bytes[cursor.at] !== 0x5d; skipSpace(cursor)) items.push(readValue(cursor, depth + 1, budget));
    cursor.at++;
    return { kind: "array", items };
  }
  if (byte !== 0x3c) return readRaw(cursor);
  const entries = new Map<string, Value>();
  cursor.at += 2;
  for (skipSpace(cursor); bytes[cursor.at] === 0x2f; skipSpace(cursor)) {
    const { name } = readName(cursor);
    entries.set(name, readValue(cursor, depth + 1, budget));
  }
  if (bytes[cursor.at] !== 0x3e || bytes[cursor.at + 1] !== 0x3e) throw new LookError("damaged");
  cursor.at += 2;
  return { kind: "dictionary", entries };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** A string as text, at most its first 1,000 bytes: UTF-16 or UTF-8 when it says so, Latin otherwise. */
export function showString(value: Value | undefined): string {
  if (value?.kind !== "string") return "";
  let raw = String.fromCharCode(...value.bytes.subarray(1, Math.min(value.bytes.length - 1, 1001)));
  if (value.bytes[0] === 0x3c) {
    raw = raw.replace(/[^0-9a-f]/gi, "").replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  } else {
    raw = raw.replace(/\\([0-7]{1,3}|\r\n|[^])/g, (_, code: string) =>
      /^[0-7]/.test(code) ? String.fromCharCode(parseInt(code, 8) & 255) : /^[\r\n]/.test(code) ? "" : (ESCAPES[code] ?? code),
    );
  }
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  if (raw.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(bytes.subarray(2));
  if (raw.startsWith("\xef\xbb\xbf")) return new TextDecoder().decode(bytes.subarray(3));
  return characters(bytes);
}
