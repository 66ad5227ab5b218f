// JPEG (ISO/IEC 10918-1, JFIF 1.02, CIPA DC-008). A clean copy holds what decodes the picture, and nothing else.
import { join } from "../core/bytes.ts";
import { ascii, characters, marked, number, putNumber, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import { describeExifAnyway, orientation, orientationExif } from "./exif.ts";
import type { Add } from "./finding.ts";
import { isPlainProfile, profileName, rebuiltProfile } from "./icc.ts";
import { describeResources } from "./iptc.ts";
import { describeXmp } from "./xmp.ts";

interface Segment {
  readonly marker: number;
  /** What follows the marker: the data of a segment; for a scan, header and picture data, size field included. */
  readonly data: Uint8Array;
}

const MOST_SEGMENTS = 20_000;
const SCAN = 0xda;
const EXIF = "Exif\0\0";
const XMP = "http://ns.adobe.com/xap/1.0/\0";
const ICC = "ICC_PROFILE\0";

/** Quantisation, Huffman, arithmetic tables, restart interval, number of lines, and frames but for the hierarchical ones. */
function decodes(marker: number): boolean {
  return [0xdb, 0xc4, 0xcc, 0xdd, 0xdc, SCAN].includes(marker) || [0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb].includes(marker);
}

/** Where the picture data of a scan ends: at the first marker that is neither a restart nor a stuffed 0xff. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    if (next === 0 || next !== 0xff) at++;
  }
  throw new LookError("damaged");
}

/** Reads the segments into `segments`, and gives what stands behind the end of the picture. */
function read(bytes: Uint8Array, segments: Segment[]): Uint8Array {
  let at = 2;
  for (;;) {
    if (segments.length > MOST_SEGMENTS || number(bytes, at, 1) !== 0xff) throw new LookError("damaged");
    while (number(bytes, at + 1, 1) === 0xff) at++; // fill bytes
    const marker = number(bytes, at + 1, 1);
    at += 2;
    if (marker === 0xd9) return bytes.subarray(at);
    const size = number(bytes, at, 2);
    if (size < 2) throw new LookError("damaged");
    slice(bytes, at, size);
    const end = marker === SCAN ? scanEnd(bytes, at + size) : at + size;
    segments.push({ marker, data: marker === SCAN ? bytes.subarray(at, end) : bytes.subarray(at + 2, end) });
    at = end;
  }
}

/** The colour profile, whose pieces stand in several segments. */
function profile(segments: readonly Segment[]): Uint8Array | undefined {
  const pieces = segments.filter(({ marker, data }) => marker === 0xe2 && marked(data, 0, ICC) && data.length > 14).map(({ data }) => data);
  pieces.sort((one, other) => one[12]! - other[12]!);
  return pieces.length === 0 ? undefined : join(pieces.map((piece) => piece.subarray(14)));
}

function isPlainJfif(data: Uint8Array): boolean {
  return marked(data, 0, "JFIF\0") && data.length === 14 && data[12] === 0 && data[13] === 0;
}

function describeSegment({ marker, data }: Segment, add: Add): void {
  if (decodes(marker)) return;
  if (marker === 0xfe) add("comment", text(data));
  else if (marker === 0xe0 && isPlainJfif(data)) return;
  else if (marker === 0xe0 && (marked(data, 0, "JFIF\0") || marked(data, 0, "JFXX\0"))) add("thumbnail");
  else if (marker === 0xe1 && marked(data, 0, EXIF)) describeExifAnyway(data.subarray(EXIF.length), add);
  else if (marker === 0xe1 && marked(data, 0, XMP)) describeXmp(data.subarray(XMP.length), add);
  else if (marker === 0xe1 && marked(data, 0, "http://ns.adobe.com/xmp/extension/\0")) describeXmp(data.subarray(75), add);
  else if (marker === 0xe2 && marked(data, 0, ICC)) return;
  else if (marker === 0xe2 && marked(data, 0, "MPF\0")) add("thumbnail");
  else if (marker === 0xed && marked(data, 0, "Photoshop 3.0\0")) describeResources(data.subarray(14), add);
  else if (marker === 0xee && marked(data, 0, "Adobe") && data.length === 12) return;
  else add("other", `APP${marker & 15} ${/^[\w .:/-]*/.exec(characters(data.subarray(0, 24)))?.[0] ?? ""}`);
}

/** Says what a JPEG tells besides its picture. Throws LookError "damaged" when it is none; what was found until then is said. */
export function lookAtJpeg(bytes: Uint8Array, add: Add): void {
  const segments: Segment[] = [];
  try {
    if (read(bytes, segments).length > 0) add("leftover");
  } finally {
    for (const segment of segments) describeSegment(segment, add);
  }
  const colours = profile(segments);
  if (colours !== undefined && !isPlainProfile(colours)) add("profile", profileName(colours));
}

function segment(marker: number, ...data: readonly Uint8Array[]): Uint8Array {
  const body = join([new Uint8Array([0xff, marker, 0, 0]), ...data]);
  putNumber(body, 2, 2, body.length - 2);
  return body;
}

/** A JPEG with the same picture data. Throws LookError when the file is damaged or of the hierarchical kind. */
export function cleanJpeg(bytes: Uint8Array): Uint8Array {
  const segments: Segment[] = [];
  read(bytes, segments);
  const exif = segments.find(({ marker, data }) => marker === 0xe1 && marked(data, 0, EXIF));
  const turn = exif === undefined ? 1 : orientation(exif.data.subarray(EXIF.length));
  const pieces: Uint8Array[] = [new Uint8Array([0xff, 0xd8])];
  // JFIF and Adobe segments decide how numbers become colours, so they stay, without their free fields.
  if (segments.some(({ marker, data }) => marker === 0xe0 && marked(data, 0, "JFIF\0"))) {
    pieces.push(segment(0xe0, ascii("JFIF\0\x01\x01\0\0\x01\0\x01\0\0")));
  }
  if (turn !== 1) pieces.push(segment(0xe1, ascii(EXIF), orientationExif(turn)));
  const colours = profile(segments);
  const rebuilt = colours === undefined ? undefined : rebuiltProfile(colours);
  if (rebuilt !== undefined) pieces.push(segment(0xe2, ascii(`${ICC}\x01\x01`), rebuilt));
  for (const { marker, data } of segments) {
    if (marker === SCAN) pieces.push(new Uint8Array([0xff, SCAN]), data);
    else if (decodes(marker)) pieces.push(segment(marker, data));
    else if (marker === 0xee && marked(data, 0, "Adobe") && data.length >= 12) {
      pieces.push(segment(0xee, ascii("Adobe\0\x64\0\0\0\0"), data.subarray(11, 12)));
    } else if (marker < 0xe0 || (marker > 0xef && marker !== 0xfe)) throw new LookError("structure");
  }
  pieces.push(new Uint8Array([0xff, 0xd9]));
  return join(pieces);
}
