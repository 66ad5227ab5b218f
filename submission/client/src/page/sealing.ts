// The worker's sealing: files are read in pieces, so that it can be stopped and never holds a whole one that it need not.
import type { CodenameKeys } from "../core/codename.ts";
import type { Roster } from "../core/roster.ts";
import { LetterSealer } from "../core/sealing.ts";
import type { KeySheet } from "../core/sheet.ts";
import type { Item, LetterOrder } from "./messages.ts";

const PIECE = 262_144; // bytes read at a time; a tenth of a second without a JIT

/** What the sealing needs besides the order. */
export interface Means {
  readonly sheet: KeySheet;
  readonly roster: Roster;
  readonly keys: CodenameKeys;
  /** Takes each finished part, 1,048,576 bytes. */
  readonly store: (part: Uint8Array) => Promise<void>;
  /** The clean copy of a file. */
  readonly clean: (file: Blob) => Promise<Uint8Array>;
  /** Called after each piece with the bytes sealed so far and those of all files; what it throws ends the sealing. */
  readonly progress: (done: number, of: number) => void;
}

/** A file could not be read: it was moved, changed or taken away since it was chosen. */
export class FileGoneError extends Error {}

/** Seals the files, then the letter; returns it, 65,536 bytes. Throws what core/sealing.ts does, and FileGoneError. */
export async function sealLetter(order: LetterOrder, means: Means): Promise<Uint8Array> {
  const { sheet, roster, keys, store } = means;
  const sealer = new LetterSealer({ sheet, roster, keys, sealed: order.sealed, notTo: order.notTo, store });
  const of = order.items.reduce((sum, item) => sum + item.file.size, 0);
  let before = 0;
  means.progress(0, of);
  for (const item of order.items) {
    sealer.startFile(item.name, item.type);
    const data = item.clean ? new Blob([new Uint8Array(await means.clean(item.file))]) : item.file;
    for (let at = 0; at < data.size; at += PIECE) {
      await sealer.write(await read(data.slice(at, at + PIECE)));
      means.progress(before + Math.min(item.file.size, at + PIECE), of);
    }
    sealer.endFile();
    before += item.file.size;
  }
  means.progress(of, of);
  const { tip, number, language, fields, story } = order;
  return sealer.finish({ tip, number, language, fields, story });
}

/** All bytes of a blob. */
export async function read(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new FileGoneError("a file can no longer be read; choose it again");
  }
}

/** How many bytes all items have. */
export function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + item.file.size, 0);
}
