// GIF89a. A clean copy holds the pictures, their timing and how often they repeat.
import { join } from "../core/bytes.ts";
import { characters, marked, number, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import type { Add } from "./finding.ts";
import { describeXmp } from "./xmp.ts";

interface Block {
  /** A picture, the graphic control before one, the number of repeats; or something else. */
  readonly kind: "picture" | "control" | "repeats" | "comment" | "xmp" | "other";
  readonly bytes: Uint8Array;
}

const MOST_BLOCKS = 100_000;

/** The position behind a chain of sub-blocks. */
function chainEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let size = number(bytes, at, 1); size !== 0; size = number(bytes, at, 1)) at += 1 + size;
  return at + 1;
}

function tableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function kindOf(bytes: Uint8Array, at: number): Block["kind"] {
  const label = number(bytes, at + 1, 1);
  if (label === 0xf9) return "control";
  if (label === 0xfe) return "comment";
  if (label === 0xff && (marked(bytes, at + 3, "NETSCAPE2.0\x03\x01") || marked(bytes, at + 3, "ANIMEXTS1.0\x03\x01"))) return "repeats";
  return label === 0xff && marked(bytes, at + 3, "XMP DataXMP") ? "xmp" : "other";
}

function read(bytes: Uint8Array): { header: Uint8Array; blocks: Block[]; rest: Uint8Array } {
  const start = 13 + tableSize(number(bytes, 10, 1));
  const blocks: Block[] = [];
  let at = start;
  for (;;) {
    const mark = number(bytes, at, 1);
    if (mark === 0x3b) return { header: slice(bytes, 0, start), blocks, rest: bytes.subarray(at + 1) };
    if (blocks.length > MOST_BLOCKS || (mark !== 0x21 && mark !== 0x2c)) throw new LookError("damaged");
    const body = mark === 0x2c ? at + 10 + tableSize(number(bytes, at + 9, 1)) + 1 : at + 2;
    const end = chainEnd(bytes, body);
    blocks.push({ kind: mark === 0x2c ? "picture" : kindOf(bytes, at), bytes: slice(bytes, at, end - at) });
    at = end;
  }
}

function isSmall({ kind, bytes }: Block): boolean {
  return (kind === "control" && bytes.length === 8) || (kind === "repeats" && bytes.length === 19);
}

/** Says what a GIF tells besides its pictures. Throws LookError "damaged" when it is none. */
export function lookAtGif(bytes: Uint8Array, add: Add): void {
  const { blocks, rest } = read(bytes);
  for (const block of blocks) {
    if (block.kind === "picture" || isSmall(block)) continue;
    if (block.kind === "comment") add("comment", text(block.bytes.subarray(3, -1)));
    else if (block.kind === "xmp") describeXmp(block.bytes, add);
    else add("other", characters(block.bytes.subarray(3, 14)).replace(/[^\w .-]/g, ""));
  }
  if (rest.length > 0) add("leftover");
}

/** A GIF with the same pictures. Throws LookError when the file is damaged. */
export function cleanGif(bytes: Uint8Array): Uint8Array {
  const { header, blocks } = read(bytes);
  const kept = blocks.filter((block) => block.kind === "picture" || isSmall(block));
  return join([header, ...kept.map((block) => block.bytes), new Uint8Array([0x3b])]);
}
