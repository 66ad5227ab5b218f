// EXIF: a TIFF structure without the picture (CIPA DC-008, TIFF 6.0). Read for what it says; never kept, but for the orientation.
import { join } from "../core/bytes.ts";
import { ascii, characters, marked, number, putNumber, same, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import type { Add, FindingKind } from "./finding.ts";
import { describeIptc, describeResources } from "./iptc.ts";
import { describeXmp } from "./xmp.ts";

export interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value stands, and its size in bytes. */
  readonly at: number;
  readonly size: number;
}

export interface Directory {
  readonly entries: readonly Entry[];
  /** Where the next directory stands; 0 for none. */
  readonly next: number;
}

const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]; // bytes for each field type of TIFF 6.0, and IFD (13)
const MOST_ENTRIES = 1000;
const MOST_DIRECTORIES = 40; // a directory can point at itself

/** "II" is little-endian, "MM" big-endian. Throws LookError "damaged" for anything else. */
export function isLittle(bytes: Uint8Array): boolean {
  if (marked(bytes, 0, "II*\0")) return true;
  if (marked(bytes, 0, "MM\0*")) return false;
  throw new LookError("damaged");
}

/** One directory. An entry whose value lies outside is a damaged file when `strict`, else passed over: the others still tell. */
export function readDirectory(bytes: Uint8Array, at: number, little: boolean, strict = false): Directory {
  const count = number(bytes, at, 2, little);
  if (count > MOST_ENTRIES) throw new LookError("damaged");
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    const start = at + 2 + 12 * i;
    const type = number(bytes, start + 2, 2, little);
    const values = number(bytes, start + 4, 4, little);
    const size = (SIZES[type] ?? 0) * values;
    const place = size > 4 ? number(bytes, start + 8, 4, little) : start + 8;
    if (strict) slice(bytes, place, size);
    else if (place + size > bytes.length) continue;
    entries.push({ tag: number(bytes, start, 2, little), type, count: values, at: place, size });
  }
  const end = at + 2 + 12 * count;
  // Many programs end the last directory without the pointer to a next one.
  return { entries, next: end + 4 <= bytes.length ? number(bytes, end, 4, little) : 0 };
}

/** The value at `index` of an entry of whole numbers (types 1, 3, 4, 13). */
export function whole(bytes: Uint8Array, entry: Entry, index: number, little: boolean): number {
  const size = SIZES[entry.type];
  if ((size !== 1 && size !== 2 && size !== 4) || index >= entry.count) throw new LookError("damaged");
  return number(bytes, entry.at + index * size, size, little);
}

const TAGS: readonly (readonly [FindingKind, readonly number[]])[] = [
  ["camera", [0x10f, 0x110, 0x13c, 0xa433, 0xa434, 0xc614]],
  ["serial", [0xa431, 0xa435, 0xc62f]],
  ["author", [0x13b, 0x8298, 0x9c9d, 0xa430, 0xa437, 0xa438]],
  ["software", [0x0b, 0x131, 0xa439, 0xa43a, 0xa43b, 0xa43c]],
  ["date", [0x132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012]],
  ["comment", [0x10e, 0x11d, 0x9286, 0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f, 0xa436]],
  ["name", [0x10d]],
  ["id", [0xa420, 0xc65d]],
];
const KIND_OF_TAG = new Map(TAGS.flatMap(([kind, tags]) => tags.map((tag) => [tag, kind] as const)));

/** Sub-directories: EXIF, GPS, interoperability, sub-pictures. */
const POINTERS = [0x8769, 0x8825, 0xa005, 0x14a];
/** What says how a picture is stored. In the directory of a TIFF's own picture it gives nobody away. */
export const STRUCTURE: ReadonlySet<number> = new Set([
  0xfe, 0xff, 0x100, 0x101, 0x102, 0x103, 0x106, 0x10a, 0x111, 0x112, 0x115, 0x116, 0x117, 0x118, 0x119, 0x11c, 0x122, 0x123, 0x124, 0x125, 0x128, 0x129,
  0x11a, 0x11b, 0x12d, 0x13d, 0x13e, 0x13f, 0x140, 0x141, 0x142, 0x143, 0x144, 0x145, 0x14c, 0x14e, 0x152, 0x153, 0x154, 0x155, 0x156,
  0x15b, 0x200, 0x211, 0x212, 0x213, 0x214,
]);

/** A text or number of an entry, as the page may show it. */
function valueOf(bytes: Uint8Array, entry: Entry): string {
  const raw = slice(bytes, entry.at, Math.min(entry.size, 600));
  // The XP… tags of Windows are UTF-16; a user comment starts with the name of its character set.
  if (entry.tag >= 0x9c9b && entry.tag <= 0x9c9f) return new TextDecoder("utf-16le").decode(raw);
  if (entry.tag === 0x9286) return text(raw.subarray(8));
  return entry.type === 2 || entry.type === 7 || entry.type === 1 ? text(raw) : "";
}

function describeGps(bytes: Uint8Array, entries: readonly Entry[], little: boolean, add: Add): void {
  const degrees = (tag: number, reference: number): number | undefined => {
    const entry = entries.find((each) => each.tag === tag && each.type === 5 && each.count === 3);
    if (entry === undefined) return undefined;
    const part = (i: number): number =>
      number(bytes, entry.at + 8 * i, 4, little) / number(bytes, entry.at + 8 * i + 4, 4, little);
    const side = entries.find((each) => each.tag === reference);
    const sign = side !== undefined && /[SW]/.test(characters(slice(bytes, side.at, 1))) ? -1 : 1;
    return sign * (part(0) + (part(1) || 0) / 60 + (part(2) || 0) / 3600);
  };
  const [latitude, longitude] = [degrees(2, 1), degrees(4, 3)];
  const known = latitude !== undefined && longitude !== undefined && Number.isFinite(latitude + longitude);
  add("gps", known ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : "");
  const day = entries.find((entry) => entry.tag === 0x1d);
  if (day !== undefined) add("date", valueOf(bytes, day));
}

function describeEntry(bytes: Uint8Array, entry: Entry, add: Add): void {
  const raw = (): Uint8Array => slice(bytes, entry.at, entry.size);
  const kind = KIND_OF_TAG.get(entry.tag);
  if (kind !== undefined) add(kind, valueOf(bytes, entry));
  else if (entry.tag === 0x2bc) describeXmp(raw(), add);
  else if (entry.tag === 0x83bb) describeIptc(raw(), add);
  else if (entry.tag === 0x8649) describeResources(raw(), add);
  else if (entry.tag === 0x8773) add("profile");
  else if (entry.tag === 0x927c || entry.tag === 0xc634) add("maker");
  else if (entry.tag === 0x201 || entry.tag === 0x14a) add("thumbnail");
  else add("settings");
}

/**
 * Says what a TIFF structure tells besides a picture, over all directories that can be reached (at most 40).
 * `own`: it is a TIFF file, whose first directories describe the picture itself.
 */
export function describeExif(bytes: Uint8Array, add: Add, own = false): void {
  const little = isLittle(bytes);
  const waiting: { at: number; tag: number }[] = [{ at: number(bytes, 4, 4, little), tag: 0 }];
  const seen = new Set<number>();
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (place.at === 0 || seen.has(place.at)) continue;
    seen.add(place.at);
    if (seen.size > MOST_DIRECTORIES) throw new LookError("damaged");
    const { entries, next } = readDirectory(bytes, place.at, little);
    if (place.tag === 0x8825) describeGps(bytes, entries, little, add);
    for (const entry of entries) {
      if (POINTERS.includes(entry.tag) && entry.count >= 1 && entry.count <= 8) {
        if (entry.tag === 0x14a) add("thumbnail");
        for (let i = 0; i < entry.count; i++) waiting.push({ at: whole(bytes, entry, i, little), tag: entry.tag });
      } else if (place.tag !== 0x8825 && !(own && place.tag === 0 && STRUCTURE.has(entry.tag))) {
        describeEntry(bytes, entry, add);
      }
    }
    if (place.tag === 0) waiting.push({ at: next, tag: 0 });
  }
}

/** What describeExif finds, and "settings" when the structure is damaged: it may still hold something. */
export function describeExifAnyway(bytes: Uint8Array, add: Add): void {
  if (orientationOnly(bytes)) return;
  add("settings");
  try {
    describeExif(bytes, add);
  } catch (error) {
    if (!(error instanceof LookError)) throw error;
  }
}

/** The orientation that an EXIF structure names: 2 to 8, or 1 when none. Throws nothing. */
export function orientation(bytes: Uint8Array): number {
  try {
    const little = isLittle(bytes);
    const { entries } = readDirectory(bytes, number(bytes, 4, 4, little), little);
    const entry = entries.find(({ tag, type, count }) => tag === 0x112 && type === 3 && count === 1);
    const value = entry === undefined ? 1 : whole(bytes, entry, 0, little);
    return value >= 2 && value <= 8 ? value : 1;
  } catch (error) {
    if (error instanceof LookError) return 1;
    throw error;
  }
}

/** An EXIF structure of 26 bytes that says how to turn the picture, and nothing else. */
export function orientationExif(value: number): Uint8Array {
  const bytes = join([ascii("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"), new Uint8Array(8)]);
  putNumber(bytes, 18, 2, value);
  return bytes;
}

function orientationOnly(bytes: Uint8Array): boolean {
  return same(bytes, orientationExif(orientation(bytes)));
}
