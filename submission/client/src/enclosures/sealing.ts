// The files of a letter in a worker: looked into, cleaned and sealed. A file is read in pieces, so that the sealing can be
// stopped and never holds a whole one that it need not.
import type { CodenameKeys } from "../core/codename.ts";
import type { Json } from "../core/encoding.ts";
import type { Roster } from "../core/roster.ts";
import { LetterSealer } from "../core/sealing.ts";
import type { KeySheet } from "../core/sheet.ts";
import type { Look } from "../look/finding.ts";
import { clean, look } from "../look/look.ts";

const PIECE = 262_144; // bytes read at a time; a tenth of a second without a JIT

/** A file as it shall be sealed: as it is, or, with `clean`, without what it gives away. */
export interface Enclosure {
  readonly file: Blob;
  readonly name: string;
  readonly type: string;
  readonly clean: boolean;
}

/** Everything about a letter but the codename, whose keys the worker has. */
export interface LetterOrder {
  readonly files: readonly Enclosure[];
  /** 16 bytes. */
  readonly tip: Uint8Array;
  readonly number: number;
  readonly language: string;
  readonly fields: Readonly<Record<string, Json>>;
  readonly story: string;
  readonly notTo: readonly string[];
  readonly sealed: "before" | "device";
  /** Commitment (32 bytes) to the keys of claim words, if the source chose to make some. */
  readonly claim?: Uint8Array | undefined;
}

/** What the sealing needs besides the order. */
export interface Means {
  readonly sheet: KeySheet;
  readonly roster: Roster;
  readonly keys: CodenameKeys;
  /** Takes each finished part, 1,048,576 bytes. */
  readonly store: (part: Uint8Array) => Promise<void>;
  /** Called after each piece with the bytes sealed so far and those of all files; what it throws ends the sealing. */
  readonly progress: (done: number, of: number) => void;
}

/** A file could not be read: it was moved, changed or taken away since it was chosen. */
export class FileGoneError extends Error {}

/** Seals the files, then the letter; returns it, 65,536 bytes. Throws what core/sealing.ts and `cleaned` do, and FileGoneError. */
export async function sealLetter(order: LetterOrder, means: Means): Promise<Uint8Array> {
  const { sheet, roster, keys, store } = means;
  const sealer = new LetterSealer({ sheet, roster, keys, sealed: order.sealed, notTo: order.notTo, store });
  const of = sizeOf(order.files);
  let before = 0;
  means.progress(0, of);
  for (const { file, name, type, clean: asClean } of order.files) {
    sealer.startFile(name, type);
    const data = asClean ? new Blob([new Uint8Array(await cleaned(file))]) : file;
    for (let at = 0; at < data.size; at += PIECE) {
      await sealer.write(await read(data.slice(at, at + PIECE)));
      means.progress(before + Math.min(file.size, at + PIECE), of);
    }
    sealer.endFile();
    before += file.size;
  }
  means.progress(of, of);
  const { tip, number, language, fields, story, claim } = order;
  return sealer.finish({ tip, number, language, fields, story, claim });
}

/** What a file tells, looked into as a whole if it has at most `most` bytes. Throws FileGoneError. */
export async function lookInto(file: File, most: number): Promise<Look> {
  if (file.size <= most) return look(await read(file), file.name);
  return { kind: "unknown", findings: [], canClean: false, whyNot: "too-large", cannotSee: ["everything"], loses: [] };
}

/** A clean copy of a file. Throws LookError and FileGoneError. */
export async function cleaned(file: Blob): Promise<Uint8Array> {
  return clean(await read(file));
}

/** All bytes of a blob. */
export async function read(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new FileGoneError("a file can no longer be read; choose it again");
  }
}

/** How many bytes all files have. */
export function sizeOf(files: readonly Enclosure[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}
