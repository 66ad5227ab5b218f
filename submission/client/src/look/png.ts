// PNG (W3C PNG third edition, with APNG). A clean copy holds the chunks that decode the picture and decide its colours.
import { join } from "../core/bytes.ts";
import { characters, crc32, marked, number, putNumber, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import { describeExifAnyway, orientation, orientationExif } from "./exif.ts";
import type { Add, FindingKind } from "./finding.ts";
import { describeXmp } from "./xmp.ts";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** The chunk as it stands, with length and check value. */
  readonly whole: Uint8Array;
}

const MOST_CHUNKS = 200_000;
const HEADER = 8;
const PICTURE: ReadonlySet<string> = new Set([
  "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "cICP", "acTL", "fcTL", "fdAT",
]);
// They go, but say nothing that needs a word: background, sizes on paper, histogram.
const HARMLESS: ReadonlySet<string> = new Set(["bKGD", "pHYs", "hIST", "sTER", "oFFs"]);
const KEYWORDS: readonly (readonly [RegExp, FindingKind])[] = [
  [/^(author|artist|copyright)/i, "author"],
  [/^(software|creator)/i, "software"],
  [/(time|date)/i, "date"],
  [/^(source|device|model|make)/i, "camera"],
  [/^raw profile type (exif|app1|iptc)/i, "settings"],
  [/^xml:/i, "xmp"],
];

function* chunks(bytes: Uint8Array): Generator<Chunk, Uint8Array> {
  let at = HEADER;
  for (let left = MOST_CHUNKS; left > 0; left--) {
    const size = number(bytes, at, 4);
    const type = characters(slice(bytes, at + 4, 4));
    const whole = slice(bytes, at, size + 12);
    yield { type, data: whole.subarray(8, 8 + size), whole };
    at += size + 12;
    if (type === "IEND") return bytes.subarray(at);
  }
  throw new LookError("damaged");
}

function describeText(type: string, data: Uint8Array, add: Add): void {
  const end = data.subarray(0, 80).indexOf(0);
  if (end < 0) return add("comment");
  const keyword = text(data.subarray(0, end));
  if (type === "iTXt" && keyword === "XML:com.adobe.xmp") return describeXmp(data.subarray(end), add);
  const kind = KEYWORDS.find(([pattern]) => pattern.test(keyword))?.[1] ?? "comment";
  // Compressed text is not unpacked: that it is there is enough, and its keyword says what it is.
  const readable = type === "tEXt" || (type === "iTXt" && data[end + 1] === 0);
  const value = readable ? text(data.subarray(end + 1)).replace(/^\0+/, "") : "";
  add(kind, `${keyword}: ${value}`);
}

function describeChunk({ type, data }: Chunk, add: Add): void {
  if (PICTURE.has(type) || HARMLESS.has(type)) return;
  if (type === "tEXt" || type === "zTXt" || type === "iTXt") describeText(type, data, add);
  else if (type === "eXIf") describeExifAnyway(data, add);
  else if (type === "tIME" && data.length === 7) {
    const [month, day] = [data[2]!, data[3]!].map((part) => String(part).padStart(2, "0"));
    add("date", `${number(data, 0, 2)}-${month}-${day}`);
  } else if (type === "iCCP") add("profile", text(data.subarray(0, Math.max(0, data.subarray(0, 80).indexOf(0)))));
  else if (type === "iDOT") add("software", "Apple"); // how Apple's own programs cut a picture for faster reading
  else add("other", type.replace(/[^A-Za-z]/g, "?"));
}

/** Says what a PNG tells besides its picture. Throws LookError "damaged" when it is none. */
export function lookAtPng(bytes: Uint8Array, add: Add): void {
  const reader = chunks(bytes);
  let step = reader.next();
  for (; !step.done; step = reader.next()) describeChunk(step.value, add);
  // A phone's crop has been known to leave the cut-off part of the picture behind the end ("aCropalypse", CVE-2023-21036).
  if (step.value.length > 0) add("leftover");
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = join([new Uint8Array(8), data, new Uint8Array(4)]);
  putNumber(whole, 0, 4, data.length);
  for (let i = 0; i < 4; i++) whole[4 + i] = type.charCodeAt(i);
  putNumber(whole, 8 + data.length, 4, crc32(whole.subarray(4, 8 + data.length)));
  return whole;
}

/** A PNG with the same picture data. Throws LookError when the file is damaged or needs a chunk that nobody knows. */
export function cleanPng(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [bytes.subarray(0, HEADER)];
  for (const { type, data, whole } of chunks(bytes)) {
    if (PICTURE.has(type)) pieces.push(whole);
    else if (type === "eXIf" && orientation(data) !== 1) pieces.push(chunk("eXIf", orientationExif(orientation(data))));
    else if (/^[A-Z]/.test(type)) throw new LookError("structure"); // a picture that cannot be shown without it
    if (type === "IHDR" && !(marked(whole, 4, "IHDR") && data.length === 13)) throw new LookError("damaged");
  }
  return join(pieces);
}
