/**
 * Files, one after the other, sealed while they come in and cut into parts of 1 MiB; as wire/parts.py. Memory stays at a
 * part and a few chunks, whatever the size of the files. No plaintext is kept.
 */

import { Digest, digestOfWhole } from "./digest.ts";
import { LetterError } from "./errors.ts";
import { checkListing, cleanName, cleanType, LIMITS, type File, type SealedFiles } from "./files.ts";
import { CHUNK_SIZE, plaintextSizeFor, type Sealer } from "./seal.ts";
import type { KeySheet } from "./sheet.ts";
import { checkLeftOut, sealerTo } from "./stanzas.ts";

export const PART_SIZE = 1_048_576;

/** Takes a finished part of 1,048,576 bytes, which is the taker's from then on; the sealing waits for it. */
export type Store = (part: Uint8Array) => Promise<void>;

/** Seals one age file, padded with zeros to a multiple of 1 MiB, and hands out its parts as they fill up. */
class PartSealer {
  readonly #sealer: Sealer;
  readonly #store: Store;
  readonly #chunk = new Uint8Array(CHUNK_SIZE);
  readonly #names: Uint8Array[] = [];
  #held = 0; // bytes of the chunk
  #part = new Uint8Array(PART_SIZE);
  #filled = 0; // bytes of the part
  #size = 0; // bytes of plaintext so far

  constructor(sealer: Sealer, store: Store) {
    this.#sealer = sealer;
    this.#store = store;
    this.#part.set(sealer.start);
    this.#filled = sealer.start.length;
  }

  /** Takes the next bytes. */
  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      // A full chunk waits until something follows, because the last one is sealed differently.
      if (this.#held === CHUNK_SIZE) await this.#seal(false);
      const piece = data.subarray(at, at + CHUNK_SIZE - this.#held);
      this.#chunk.set(piece, this.#held);
      this.#held += piece.length;
      at += piece.length;
    }
    this.#size += data.length;
  }

  /** Pads, hands out the last parts and returns the SHA-256 of each part in order. */
  async finish(): Promise<readonly Uint8Array[]> {
    const zeros = new Uint8Array(CHUNK_SIZE);
    let missing = paddedSize(this.#sealer.headerSize, this.#size) - this.#size;
    for (; missing > 0; missing -= CHUNK_SIZE) await this.write(zeros.subarray(0, missing));
    await this.#seal(true);
    return this.#names;
  }

  async #seal(last: boolean): Promise<void> {
    let sealed = this.#sealer.chunk(this.#chunk.subarray(0, this.#held), last);
    this.#held = 0;
    while (sealed.length > 0) {
      const piece = sealed.subarray(0, PART_SIZE - this.#filled);
      this.#part.set(piece, this.#filled);
      this.#filled += piece.length;
      sealed = sealed.subarray(piece.length);
      if (this.#filled === PART_SIZE) await this.#handOut();
    }
  }

  async #handOut(): Promise<void> {
    const part = this.#part;
    this.#part = new Uint8Array(PART_SIZE);
    this.#filled = 0;
    this.#names.push(await digestOfWhole(part));
    await this.#store(part);
  }
}

/** Seals the files of one letter: `startFile`, `write`, `endFile` for each, then `finish`. */
export class FilesSealer {
  readonly #sheet: KeySheet;
  readonly #notTo: readonly string[];
  readonly #store: Store;
  readonly #files: File[] = [];
  #sealer: PartSealer | undefined;
  #total = 0;
  #open: { name: string; type: string; offset: number; digest: Digest } | undefined;

  /** Throws `LetterError` ("sheet") if who is left out is not on the sheet, or nobody remains. */
  constructor(sheet: KeySheet, store: Store, notTo: readonly string[]) {
    checkLeftOut(sheet, notTo);
    this.#sheet = sheet;
    this.#store = store;
    this.#notTo = notTo;
  }

  /** How many files were begun. */
  get count(): number {
    return this.#files.length + (this.#open === undefined ? 0 : 1);
  }

  /** Begins a file; its name and type are made fit. Throws `LetterError`: the one before was not ended, or ("too_much") there are 101. */
  startFile(name: string, type: string): void {
    if (this.#open !== undefined) throw new LetterError("file: the one before was not ended");
    if (this.#files.length === LIMITS.files) {
      throw new LetterError("file: too many in one letter; send the others as a follow-up", "too_much");
    }
    this.#open = { name: cleanName(name), type: cleanType(type), offset: this.#total, digest: new Digest() };
  }

  /** Takes the next bytes of the file, any number. Throws `LetterError`: none was begun, or ("too_much") all together are over 32 GiB. */
  async write(data: Uint8Array): Promise<void> {
    if (this.#open === undefined) throw new LetterError("file: none was begun");
    if (data.length === 0) return;
    if (this.#total + data.length > LIMITS.total) {
      throw new LetterError("file: too large; send the others as a follow-up", "too_much");
    }
    this.#sealer ??= this.#newSealer();
    this.#total += data.length;
    this.#open.digest.update(data);
    await this.#sealer.write(data);
  }

  /** Ends the file; throws `LetterError` if none was begun. */
  endFile(): void {
    if (this.#open === undefined) throw new LetterError("file: none was begun");
    const { name, type, offset, digest } = this.#open;
    this.#files.push({ name, type, offset, length: this.#total - offset, sha256: digest.digest() });
    this.#open = undefined;
  }

  /** Pads, hands out the last parts, and returns what a letter lists; throws `LetterError` if a file was not ended. */
  async finish(): Promise<SealedFiles> {
    if (this.#open !== undefined) throw new LetterError("file: the last one was not ended");
    let parts = (await this.#sealer?.finish()) ?? [];
    const index = parts.length > LIMITS.parts;
    if (index) {
      const sealer = this.#newSealer();
      for (const name of parts) await sealer.write(name);
      parts = await sealer.finish();
    }
    const sealed = { files: this.#files, parts, index };
    checkListing(sealed);
    return sealed;
  }

  #newSealer(): PartSealer {
    return new PartSealer(sealerTo(this.#sheet, this.#notTo), this.#store);
  }
}

/** Returns how many bytes of plaintext, `size` at least, make the smallest whole number of parts behind a header of so many bytes. */
export function paddedSize(headerSize: number, size: number): number {
  for (let parts = Math.floor(size / PART_SIZE) + 1; ; parts++) {
    const padded = plaintextSizeFor(headerSize, parts * PART_SIZE);
    // A part boundary that no plaintext reaches (16 in each 65,552) is stepped over.
    if (padded !== undefined && padded >= size) return padded;
  }
}
