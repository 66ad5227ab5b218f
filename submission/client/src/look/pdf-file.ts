// Where the objects of a PDF stand (ISO 32000-2, 7.5): cross-reference tables and streams, object streams.
import { characters, marked, number, slice } from "./bytes.ts";
import { inflate } from "./deflate.ts";
import { LookError } from "./errors.ts";
import { expect, integer, readValue, skipSpace, word, type Cursor, type Dictionary, type Value } from "./pdf-syntax.ts";

/** An object; `data` when it is a stream, packed as it is in the file. */
export interface Found {
  readonly value: Value;
  readonly data?: Uint8Array;
}

/** The place of an object: in the file, or at an index of an object stream. */
type Place = { readonly at: number } | { readonly stream: number; readonly index: number };

export interface PdfFile {
  readonly trailer: Dictionary;
  /** How many times the file was written to. */
  readonly updates: number;
  /** An object by its number; undefined for one that does not exist. Throws LookError. */
  readonly object: (number: number) => Promise<Found | undefined>;
}

const MOST_OBJECTS = 500_000;
const MOST_UPDATES = 200;
const LARGEST_STREAM = 32 << 20; // of streams that hold the file's own structure, unpacked
const nothing: Dictionary = new Map();

export function dictionary(value: Value | undefined): Dictionary {
  return value?.kind === "dictionary" ? value.entries : nothing;
}

function asNumber(value: Value | undefined): number {
  const text = value?.kind === "raw" ? characters(value.bytes.subarray(0, 12)) : "";
  if (!/^\d{1,10}$/.test(text)) throw new LookError("damaged");
  return Number(text);
}

/** The names of a stream's filters, in the order in which they are undone. */
export function filters(entries: Dictionary): string[] {
  const filter = entries.get("Filter");
  const list = filter === undefined ? [] : filter.kind === "array" ? filter.items : [filter];
  return list.map((each) => {
    if (each.kind !== "name") throw new LookError("structure");
    return each.name;
  });
}

/** Undoes the PNG predictors (12 to 15) that cross-reference streams are written with. */
function unpredict(data: Uint8Array, columns: number): Uint8Array {
  const rows = Math.floor(data.length / (columns + 1));
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const kind = data[row * (columns + 1)];
    if (kind !== 0 && kind !== 2) throw new LookError("structure"); // none and up: no program writes others here
    for (let i = 0; i < columns; i++) {
      const above = kind === 2 && row > 0 ? out[(row - 1) * columns + i]! : 0;
      out[row * columns + i] = data[row * (columns + 1) + 1 + i]! + above;
    }
  }
  return out;
}

/** The bytes of a stream, unpacked. Throws LookError "structure" for filters other than Flate. */
export async function unpackStream({ value, data }: Found, limit: number): Promise<Uint8Array> {
  const entries = dictionary(value);
  const names = filters(entries);
  if (data === undefined || names.length > 1 || (names.length === 1 && names[0] !== "FlateDecode")) throw new LookError("structure");
  if (names.length === 0) return data;
  const unpacked = await inflate(data, "deflate", limit);
  const parms = entries.get("DecodeParms");
  const settings = dictionary(parms?.kind === "array" ? parms.items[0] : parms);
  if (!settings.has("Predictor") || asNumber(settings.get("Predictor")) === 1) return unpacked;
  return unpredict(unpacked, settings.has("Columns") ? asNumber(settings.get("Columns")) : 1);
}

/** The object that stands at `at`. */
async function readObject(bytes: Uint8Array, at: number, wanted: number, lengthOf: (number: number) => Promise<number>): Promise<Found> {
  const cursor: Cursor = { bytes, at };
  if (integer(cursor) !== wanted) throw new LookError("damaged");
  integer(cursor);
  expect(cursor, "obj");
  const value = readValue(cursor);
  const mark = word(cursor);
  if (mark === "endobj") return { value };
  if (mark !== "stream" || value.kind !== "dictionary") throw new LookError("damaged");
  if (bytes[cursor.at] === 13) cursor.at++;
  if (bytes[cursor.at] === 10) cursor.at++;
  const length = value.entries.get("Length");
  const size = length?.kind === "reference" ? await lengthOf(length.number) : asNumber(length);
  const data = slice(bytes, cursor.at, size);
  cursor.at += size;
  expect(cursor, "endstream");
  return { value, data };
}

/** Reads a table ("xref … trailer"); the first place found for a number is the newest. */
function readTable(cursor: Cursor, places: Map<number, Place | undefined>): Dictionary {
  for (;;) {
    const start = word(cursor);
    if (start === "trailer") return dictionary(readValue(cursor));
    if (!/^\d{1,10}$/.test(start)) throw new LookError("damaged");
    const count = integer(cursor);
    if (places.size + count > MOST_OBJECTS) throw new LookError("too-large");
    for (let i = 0; i < count; i++) {
      const at = integer(cursor);
      integer(cursor);
      const used = word(cursor) === "n";
      const object = Number(start) + i;
      if (!places.has(object)) places.set(object, used && at > 0 ? { at } : undefined);
    }
  }
}

/** Reads a cross-reference stream. */
async function readTableStream(bytes: Uint8Array, at: number, places: Map<number, Place | undefined>): Promise<Dictionary> {
  const found = await readObject(bytes, at, integer({ bytes, at }), () => Promise.reject(new LookError("structure")));
  const entries = dictionary(found.value);
  const list = (value: Value | undefined): number[] => (value?.kind === "array" ? value.items.map(asNumber) : []);
  const widths = list(entries.get("W"));
  const index = entries.has("Index") ? list(entries.get("Index")) : [0, asNumber(entries.get("Size"))];
  const data = await unpackStream(found, LARGEST_STREAM);
  const [first = 0, second = 0, third = 0] = widths;
  if (widths.length !== 3 || widths.some((width) => width > 8) || second === 0) throw new LookError("damaged");
  let row = 0;
  const field = (width: number): number => slice(data, (row += width) - width, width).reduce((sum, byte) => sum * 256 + byte, 0);
  for (let i = 0; i + 1 < index.length; i += 2) {
    if (places.size + index[i + 1]! > MOST_OBJECTS) throw new LookError("too-large");
    for (let object = index[i]!; object < index[i]! + index[i + 1]!; object++) {
      const kind = first === 0 ? 1 : field(first);
      const [place, more] = [field(second), field(third)];
      if (places.has(object)) continue;
      places.set(object, kind === 1 ? { at: place } : kind === 2 ? { stream: place, index: more } : undefined);
    }
  }
  return entries;
}

async function readTables(bytes: Uint8Array): Promise<{ trailer: Dictionary; places: Map<number, Place | undefined>; updates: number }> {
  const tail = characters(bytes.subarray(Math.max(0, bytes.length - 2048)));
  // Anything behind the end could be a later version that a reader would show instead.
  const start = /startxref\s+(\d{1,10})\s+%%EOF[\s\0]*$/.exec(tail)?.[1];
  if (start === undefined || !marked(bytes, 0, "%PDF-")) throw new LookError("damaged");
  const places = new Map<number, Place | undefined>();
  const seen = new Set<number>();
  const waiting = [Number(start)];
  let trailer: Dictionary | undefined;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (seen.size > MOST_UPDATES) throw new LookError("damaged");
    number(bytes, at, 1);
    const cursor: Cursor = { bytes, at };
    skipSpace(cursor);
    const table = marked(bytes, cursor.at, "xref");
    if (table) cursor.at += 4;
    const found = table ? readTable(cursor, places) : await readTableStream(bytes, cursor.at, places);
    trailer ??= found;
    // The last one put on the stack is read next: a hybrid file's stream comes before the older tables.
    for (const key of ["Prev", "XRefStm"]) if (found.has(key)) waiting.push(asNumber(found.get(key)));
  }
  // A file made for reading while it loads has two tables from the start.
  const linearized = characters(bytes.subarray(0, 1024)).includes("/Linearized");
  return { trailer: trailer!, places, updates: Math.max(1, seen.size - (linearized ? 1 : 0)) };
}

/** Reads where everything stands; objects are read when asked for. Throws LookError "encrypted", "damaged", "structure" or "too-large". */
export async function openPdf(bytes: Uint8Array): Promise<PdfFile> {
  const { trailer, places, updates } = await readTables(bytes);
  if (trailer.has("Encrypt")) throw new LookError("encrypted");
  const lengthOf = async (object: number): Promise<number> => {
    const place = places.get(object);
    if (place === undefined || !("at" in place)) throw new LookError("structure");
    return asNumber((await readObject(bytes, place.at, object, () => Promise.reject(new LookError("damaged")))).value);
  };
  const streams = new Map<number, Promise<readonly Value[]>>();
  let left = LARGEST_STREAM; // of all object streams together
  const unpackObjects = async (object: number): Promise<readonly Value[]> => {
    const place = places.get(object);
    if (place === undefined || !("at" in place)) throw new LookError("damaged");
    const found = await readObject(bytes, place.at, object, lengthOf);
    const data = await unpackStream(found, left);
    left -= data.length;
    const [count, first] = ["N", "First"].map((key) => asNumber(dictionary(found.value).get(key))) as [number, number];
    if (count > MOST_OBJECTS) throw new LookError("too-large");
    const cursor: Cursor = { bytes: data, at: 0 };
    const starts = Array.from({ length: count }, () => [integer(cursor), integer(cursor)][1]!);
    return starts.map((start) => readValue({ bytes: data, at: first + start }));
  };
  const object = async (wanted: number): Promise<Found | undefined> => {
    const place = places.get(wanted);
    if (place === undefined) return undefined;
    if ("at" in place) return readObject(bytes, place.at, wanted, lengthOf);
    if (!streams.has(place.stream)) streams.set(place.stream, unpackObjects(place.stream));
    const value = (await streams.get(place.stream)!)[place.index];
    if (value === undefined) throw new LookError("damaged");
    return { value };
  };
  return { trailer, updates, object };
}
