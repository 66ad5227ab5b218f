// TIFF 6.0. A clean copy is the same file with every byte set to zero that the pictures do not need.
import { marked, number, putNumber, slice } from "./bytes.ts";
import { LookError } from "./errors.ts";
import { describeExif, isLittle, readDirectory, STRUCTURE, whole, type Directory } from "./exif.ts";
import type { Add } from "./finding.ts";

const MOST_PAGES = 1000;
const MOST_PIECES = 1_000_000;
// Fax (2, 3, 4), LZW, Deflate, PackBits, ZSTD: packed pixels. JPEG streams (6, 7) can hold segments of their own.
const PACKED_PIXELS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 8, 32773, 32946, 34925, 50000]);
const DNG_VERSION = 0xc612;
const [SUBFILE, COMPRESSION, SUB_DIRECTORIES] = [0xfe, 0x103, 0x14a];
/** Where picture data stands, and how long it is: strips and tiles. */
const DATA: readonly (readonly [number, number])[] = [[0x111, 0x117], [0x144, 0x145]];

interface Page extends Directory {
  readonly at: number;
}

function pages(bytes: Uint8Array): Page[] {
  const little = isLittle(bytes);
  const found: Page[] = [];
  const seen = new Set<number>();
  for (let at = number(bytes, 4, 4, little); at !== 0; ) {
    if (seen.has(at) || seen.size >= MOST_PAGES) throw new LookError("damaged");
    seen.add(at);
    const page = { ...readDirectory(bytes, at, little, true), at };
    found.push(page);
    at = page.next;
  }
  return found;
}

function first(bytes: Uint8Array, page: Page, tag: number, little: boolean, otherwise: number): number {
  const entry = page.entries.find((each) => each.tag === tag);
  return entry === undefined ? otherwise : whole(bytes, entry, 0, little);
}

function isThumbnail(bytes: Uint8Array, page: Page, little: boolean): boolean {
  return (first(bytes, page, SUBFILE, little, 0) & 1) === 1;
}

/** Throws LookError "raw" or "structure" for files whose picture is not packed pixels alone. */
function refuseOthers(bytes: Uint8Array, page: Page, little: boolean): void {
  const has = (tag: number): boolean => page.entries.some((entry) => entry.tag === tag);
  const thumbnail = isThumbnail(bytes, page, little);
  if (has(DNG_VERSION) || marked(bytes, 8, "CR") || (thumbnail && has(SUB_DIRECTORIES))) throw new LookError("raw");
  if (!PACKED_PIXELS.has(first(bytes, page, COMPRESSION, little, 1))) throw new LookError("structure");
}

/** Goes over the strips and tiles. */
function eachPiece(bytes: Uint8Array, page: Page, little: boolean, keep: (at: number, size: number) => void): void {
  for (const [places, sizes] of DATA) {
    const place = page.entries.find((entry) => entry.tag === places);
    const size = page.entries.find((entry) => entry.tag === sizes);
    if (place === undefined || size === undefined) continue;
    if (place.count !== size.count || place.count > MOST_PIECES) throw new LookError("structure");
    for (let i = 0; i < place.count; i++) keep(whole(bytes, place, i, little), whole(bytes, size, i, little));
  }
}

/** The ranges of bytes that the pages need, each [from, to). */
function ranges(bytes: Uint8Array, kept: readonly Page[], little: boolean): [number, number][] {
  const found: [number, number][] = [[0, 8]];
  let sum = 0;
  const keep = (at: number, size: number): void => {
    slice(bytes, at, size);
    sum += size;
    if (sum > 4 * bytes.length) throw new LookError("structure"); // pages that name the same bytes over and over
    found.push([at, at + size]);
  };
  for (const page of kept) {
    refuseOthers(bytes, page, little);
    eachPiece(bytes, page, little, keep);
    for (const entry of page.entries) if (STRUCTURE.has(entry.tag) && entry.size > 4) keep(entry.at, entry.size);
    keep(page.at, 2 + 12 * page.entries.length + 4);
  }
  return found.sort(([one], [other]) => one - other);
}

/** Whether bytes that no page needs hold anything: what earlier versions and forgotten fields leave behind. */
function hasLeftover(bytes: Uint8Array, kept: readonly [number, number][]): boolean {
  let done = 0;
  for (const [from, to] of [...kept, [bytes.length, bytes.length] as const]) {
    if (from > done && bytes.subarray(done, from).some((byte) => byte !== 0)) return true;
    done = Math.max(done, to);
  }
  return false;
}

function realPages(bytes: Uint8Array, little: boolean): Page[] {
  const kept = pages(bytes).filter((page) => !isThumbnail(bytes, page, little));
  if (kept.length === 0) throw new LookError("structure");
  return kept;
}

/** Says what a TIFF tells besides its pictures. Throws LookError when it is damaged, or when there is no clean copy of it. */
export function lookAtTiff(bytes: Uint8Array, add: Add): void {
  describeExif(bytes, add, true);
  const little = isLittle(bytes);
  if (pages(bytes).some((page) => isThumbnail(bytes, page, little))) add("thumbnail");
  if (hasLeftover(bytes, ranges(bytes, realPages(bytes, little), little))) add("leftover");
}

/** A TIFF with the same pixels at the same places. Throws LookError when that cannot be done for certain. */
export function cleanTiff(bytes: Uint8Array): Uint8Array {
  const little = isLittle(bytes);
  const kept = realPages(bytes, little);
  const copy = new Uint8Array(bytes.length);
  for (const [from, to] of ranges(bytes, kept, little)) copy.set(bytes.subarray(from, to), from);
  let pointer = 4;
  for (const page of kept) {
    putNumber(copy, pointer, 4, page.at, little);
    copy.fill(0, page.at, page.at + 2 + 12 * page.entries.length + 4);
    let at = page.at + 2;
    page.entries.forEach((entry, i) => {
      if (!STRUCTURE.has(entry.tag)) return;
      const start = page.at + 2 + 12 * i;
      copy.set(slice(bytes, start, entry.size > 4 ? 12 : 8 + entry.size), at);
      at += 12;
    });
    putNumber(copy, page.at, 2, (at - page.at - 2) / 12, little);
    pointer = at;
  }
  // What the shorter directories no longer need at the end of the file goes as well.
  const end = ranges(copy, realPages(copy, little), little).reduce((last, [, to]) => Math.max(last, to), 0);
  return copy.subarray(0, end);
}
