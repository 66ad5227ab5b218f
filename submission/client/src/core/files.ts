/** Files that belong to a letter: their names and types made fit, and how they are listed; as wire/files.py. */

import { utf8 } from "./encoding.ts";
import { LetterError } from "./errors.ts";

export const UNKNOWN_TYPE = "application/octet-stream";

/** What a list of files may hold. */
export const LIMITS = {
  files: 101, // 100 of the source's, and a story that was too long for the letter
  name: 120, // bytes of UTF-8
  type: 80, // bytes
  total: 2 ** 35, // bytes of all files together
  parts: 64, // names in the letter; more go into an index
} as const;

const LONGEST = 512; // characters of a name that are looked at
const ENDING = 16; // bytes of a name after its last dot that are kept
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;
// Control characters, line ends, and signs that turn the reading direction and can make a name look like another.
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const OUTER_SPACES = /^\p{Zs}+|\p{Zs}+$/gu; // what trim() takes, without U+FEFF, which it should not
const OUTER_WHITE = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;

/** One of the files that belong to a letter. */
export interface File {
  readonly name: string; // 1 to 120 bytes on one line, without / \ and "
  readonly type: string; // at most 80 bytes
  readonly offset: number; // bytes, in the plaintext of all files
  readonly length: number; // bytes
  readonly sha256: Uint8Array; // 32 bytes
}

/** What a letter lists about its files. */
export interface SealedFiles {
  readonly files: readonly File[];
  readonly parts: readonly Uint8Array[]; // SHA-256 of each part, at most 64; or of the parts of the index
  readonly index: boolean;
}

/** Throws `LetterError` unless files and parts can belong together: no gap, and parts exactly if there are bytes. */
export function checkListing({ files, parts, index }: SealedFiles): void {
  let end = 0;
  for (const file of files) {
    if (file.offset !== end) throw new LetterError("letter: a file does not start where the one before ends");
    end += file.length;
  }
  if (files.length > LIMITS.files || parts.length > LIMITS.parts || end > LIMITS.total) {
    throw new LetterError("letter: too many files, parts or bytes", "too_much");
  }
  if (parts.length > 0 !== end > 0 || (index && parts.length === 0)) {
    throw new LetterError("letter: the files and the parts do not belong together");
  }
}

/** Returns a name made fit: no folder, no control character, at most 120 bytes with its ending kept; `file` if nothing remains. */
export function cleanName(untrusted: string): string {
  let text = untrusted.replace(/\p{Cs}/gu, "?").replaceAll("\\", "/").replaceAll('"', "'");
  text = text.slice(text.lastIndexOf("/") + 1);
  const signs = [...text];
  if (signs.length > LONGEST) text = [...signs.slice(0, LONGEST - ENDING), ...signs.slice(-ENDING)].join("");
  text = text.replace(NOT_ONE_LINE, "").normalize("NFC").replace(OUTER_SPACES, "");
  if (utf8(text).length > LIMITS.name) text = shorten(text);
  return isFileName(text) ? text : "file";
}

/** Returns a media type without parameters, or `application/octet-stream` if it is not fit. */
export function cleanType(untrusted: string): string {
  const text = untrusted.split(";", 1)[0]!.replace(OUTER_WHITE, "").toLowerCase();
  return text.length <= LIMITS.type && MEDIA_TYPE.test(text) ? text : UNKNOWN_TYPE;
}

function isFileName(text: string): boolean {
  const size = utf8(text).length;
  return size >= 1 && size <= LIMITS.name && text !== "." && text !== ".." && text.search(NOT_ONE_LINE) < 0 && !/[/\\"]/.test(text);
}

function shorten(text: string): string {
  const dot = text.lastIndexOf(".");
  const ends = dot >= 0 && utf8(text.slice(dot + 1)).length <= ENDING;
  const ending = ends ? text.slice(dot) : "";
  let room = LIMITS.name - utf8(ending).length;
  let stem = "";
  for (const sign of ends ? text.slice(0, dot) : text) {
    room -= utf8(sign).length;
    if (room < 0) break;
    stem += sign;
  }
  return stem.replace(OUTER_SPACES, "") + ending;
}
