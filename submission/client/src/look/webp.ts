// WebP (RFC 9649): a RIFF file. A clean copy holds the picture's own chunks, and flags that fit them.
import { join } from "../core/bytes.ts";
import { ascii, characters, marked, number, putNumber, slice } from "./bytes.ts";
import { LookError } from "./errors.ts";
import { describeExifAnyway, orientation, orientationExif } from "./exif.ts";
import type { Add } from "./finding.ts";
import { isPlainProfile, profileName, rebuiltProfile } from "./icc.ts";
import { describeXmp } from "./xmp.ts";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const MOST_CHUNKS = 20_000;
const PICTURE: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"]);
const IN_FRAME: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "ALPH"]);
const FRAME_HEADER = 16;
const [HAS_PROFILE, HAS_ALPHA, HAS_EXIF, IS_ANIMATED] = [0x20, 0x10, 0x08, 0x02];

function read(bytes: Uint8Array, from: number): Chunk[] {
  const found: Chunk[] = [];
  for (let at = from; at < bytes.length; ) {
    const size = number(bytes, at + 4, 4, true);
    found.push({ type: characters(slice(bytes, at, 4)), data: slice(bytes, at + 8, size) });
    if (found.length > MOST_CHUNKS) throw new LookError("damaged");
    at += 8 + size + (size & 1); // chunks are padded to an even size; the last pad byte may be missing
  }
  return found;
}

/** The chunks, and what stands behind them. */
function open(bytes: Uint8Array): { chunks: Chunk[]; rest: Uint8Array } {
  const end = 8 + number(bytes, 4, 4, true);
  return { chunks: read(slice(bytes, 0, end), 12), rest: bytes.subarray(end) };
}

// Some programs put the JPEG mark before the EXIF structure.
function exifOf(data: Uint8Array): Uint8Array {
  return marked(data, 0, "Exif\0\0") ? data.subarray(6) : data;
}

/** Says what a WebP tells besides its picture. Throws LookError "damaged" when it is none. */
export function lookAtWebp(bytes: Uint8Array, add: Add): void {
  const { chunks, rest } = open(bytes);
  for (const { type, data } of chunks) {
    if (type === "EXIF") describeExifAnyway(exifOf(data), add);
    else if (type === "XMP ") describeXmp(data, add);
    else if (type === "ICCP") {
      if (!isPlainProfile(data)) add("profile", profileName(data));
    } else if (type === "ANMF") {
      if (read(data, FRAME_HEADER).some((inner) => !IN_FRAME.has(inner.type))) add("other", "ANMF");
    } else if (!PICTURE.has(type)) add("other", type);
  }
  if (rest.length > 0) add("leftover");
}

function chunk(type: string, ...data: readonly Uint8Array[]): Uint8Array {
  const size = data.reduce((sum, piece) => sum + piece.length, 0);
  const header = new Uint8Array(8);
  header.set(ascii(type));
  putNumber(header, 4, 4, size, true);
  return join([header, ...data, new Uint8Array(size & 1)]);
}

/** The size and flags of the picture, with only the flags that still hold. */
function features(data: Uint8Array, kept: number): Uint8Array {
  const clean = join([slice(data, 0, 10)]);
  clean.set([(clean[0]! & (HAS_ALPHA | IS_ANIMATED)) | kept, 0, 0, 0]);
  return clean;
}

/** A WebP with the same picture data. Throws LookError when the file is damaged. */
export function cleanWebp(bytes: Uint8Array): Uint8Array {
  const { chunks } = open(bytes);
  const first = (type: string): Uint8Array | undefined => chunks.find((each) => each.type === type)?.data;
  const [exif, colours, extended] = [first("EXIF"), first("ICCP"), first("VP8X")];
  if (!PICTURE.has(chunks[0]?.type ?? "")) throw new LookError("structure");
  // Without VP8X a file has no room for anything but the picture.
  const turn = extended === undefined || exif === undefined ? 1 : orientation(exifOf(exif));
  const rebuilt = extended === undefined || colours === undefined ? undefined : rebuiltProfile(colours);
  const pieces: Uint8Array[] = [];
  for (const { type, data } of chunks) {
    if (type === "VP8X") {
      pieces.push(chunk(type, features(data, (turn === 1 ? 0 : HAS_EXIF) | (rebuilt === undefined ? 0 : HAS_PROFILE))));
      if (rebuilt !== undefined) pieces.push(chunk("ICCP", rebuilt));
    } else if (type === "ANMF") {
      const frame = read(data, FRAME_HEADER).filter((inner) => IN_FRAME.has(inner.type));
      pieces.push(chunk(type, slice(data, 0, FRAME_HEADER), ...frame.map((inner) => chunk(inner.type, inner.data))));
    } else if (PICTURE.has(type)) pieces.push(chunk(type, data));
  }
  if (turn !== 1) pieces.push(chunk("EXIF", orientationExif(turn)));
  const size = new Uint8Array(4);
  putNumber(size, 0, 4, 4 + pieces.reduce((sum, piece) => sum + piece.length, 0), true);
  return join([ascii("RIFF"), size, ascii("WEBP"), ...pieces]);
}
