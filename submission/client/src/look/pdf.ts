// PDF. A clean copy is written anew from the objects that the pages need, so nothing of earlier versions stays behind.
import { join } from "../core/bytes.ts";
import { ascii, characters } from "./bytes.ts";
import { LookError } from "./errors.ts";
import type { Add } from "./finding.ts";
import { cleanJpeg, lookAtJpeg } from "./jpeg.ts";
import { dictionary, filters, openPdf, unpackStream, type Found, type PdfFile } from "./pdf-file.ts";
import { describeInfo, isDropped, isRefused } from "./pdf-rules.ts";
import type { Dictionary, Value } from "./pdf-syntax.ts";
import { describeXmp } from "./xmp.ts";

const MOST_OBJECTS = 500_000;
const LARGEST_XMP = 4 << 20;
const silent: Add = () => undefined;

/** Writes values, numbering objects anew in the order in which they are met. */
interface Writer {
  readonly numbers: Map<number, number>;
  readonly waiting: number[];
  readonly add: Add;
}

function numberFor(writer: Writer, object: number): number {
  let found = writer.numbers.get(object);
  if (found === undefined) {
    found = writer.numbers.size + 1;
    if (found > MOST_OBJECTS) throw new LookError("too-large");
    writer.numbers.set(object, found);
    writer.waiting.push(object);
  }
  return found;
}

function writeDictionary(writer: Writer, entries: Dictionary, out: Uint8Array[], length?: number): void {
  out.push(ascii("<<"));
  for (const [name, value] of entries) {
    if ((length !== undefined && name === "Length") || isDropped(entries, name, value, writer.add)) continue;
    // A name keeps only what cannot be mistaken; everything else is written as #xx.
    out.push(ascii(`/${name.replace(/[^\w.+-]/g, (sign) => `#${(sign.charCodeAt(0) & 255).toString(16).padStart(2, "0")}`)} `));
    writeValue(writer, value, out);
  }
  out.push(ascii(length === undefined ? ">>" : `/Length ${length}>>`));
}

function writeValue(writer: Writer, value: Value, out: Uint8Array[]): void {
  if (value.kind === "reference") out.push(ascii(`${numberFor(writer, value.number)} 0 R `));
  else if (value.kind === "array") {
    out.push(ascii("["));
    for (const item of value.items) writeValue(writer, item, out);
    out.push(ascii("]"));
  } else if (value.kind === "dictionary") {
    if (isRefused(value.entries, writer.add)) out.push(ascii("null "));
    else writeDictionary(writer, value.entries, out);
  } else out.push(value.bytes, ascii(" "));
}

/** The data that a stream keeps: pictures in JPEG are cleaned like any other JPEG. */
function cleanData(entries: Dictionary, data: Uint8Array, add: Add): Uint8Array {
  if (entries.has("F")) throw new LookError("structure"); // the data stands in another file
  const names = filters(entries);
  if (names.some((name) => name === "JPXDecode" || name === "Crypt")) throw new LookError("structure");
  if (!names.some((name) => name === "DCTDecode" || name === "DCT")) return data;
  if (names.length > 1) throw new LookError("structure");
  lookAtJpeg(data, add);
  return cleanJpeg(data);
}

function writeObject(writer: Writer, { value, data }: Found, out: Uint8Array[]): void {
  if (data === undefined || value.kind !== "dictionary") return writeValue(writer, value, out);
  if (isRefused(value.entries, writer.add)) return void out.push(ascii("null "));
  const kept = cleanData(value.entries, data, writer.add);
  writeDictionary(writer, value.entries, out, kept.length);
  out.push(ascii("\nstream\n"), kept, ascii("\nendstream"));
}

/** Writes everything that can be reached from the catalogue, in order of the new numbers; gives each object's position. */
async function writeAll(file: PdfFile, add: Add, out: Uint8Array[]): Promise<number[]> {
  const writer: Writer = { numbers: new Map(), waiting: [], add };
  const root = file.trailer.get("Root");
  if (root?.kind !== "reference") throw new LookError("damaged");
  numberFor(writer, root.number);
  const positions: number[] = [];
  let at = 0;
  let measured = 0;
  const measure = (): number => {
    for (; measured < out.length; measured++) at += out[measured]!.length;
    return at;
  };
  for (let i = 0; i < writer.waiting.length; i++) {
    positions.push(measure());
    out.push(ascii(`${i + 1} 0 obj\n`));
    writeObject(writer, (await file.object(writer.waiting[i]!)) ?? { value: { kind: "raw", bytes: ascii("null") } }, out);
    out.push(ascii("\nendobj\n"));
  }
  positions.push(measure());
  return positions;
}

async function describeDocument(file: PdfFile, add: Add): Promise<void> {
  const info = file.trailer.get("Info");
  if (info?.kind === "reference") describeInfo(dictionary((await file.object(info.number))?.value), add);
  if (file.trailer.has("ID")) add("id");
  if (file.updates > 1) add("history");
  const root = file.trailer.get("Root");
  if (root?.kind !== "reference") return;
  const metadata = dictionary((await file.object(root.number))?.value).get("Metadata");
  const packet = metadata?.kind === "reference" ? await file.object(metadata.number) : undefined;
  if (packet !== undefined) describeXmp(await unpackStream(packet, LARGEST_XMP), add);
}

/** What can be found without understanding the file, for one that cannot be read. */
function describeRoughly(bytes: Uint8Array, add: Add): void {
  const tail = characters(bytes.subarray(Math.max(0, bytes.length - (1 << 20))));
  for (const part of [characters(bytes.subarray(0, 1 << 20)), tail]) {
    for (const [, name, value] of part.matchAll(/\/(Author|Creator|Producer|CreationDate|ModDate)\s{0,20}\(([^()\\]{1,200})\)/g)) {
      add(name === "Author" ? "author" : name!.endsWith("Date") ? "date" : "software", value);
    }
    const packet = part.indexOf("<x:xmpmeta");
    if (packet >= 0) describeXmp(new TextEncoder().encode(part.slice(packet, packet + (1 << 18))), add);
  }
}

/** Says what a PDF tells besides its pages. Throws LookError when there is no clean copy of it. */
export async function lookAtPdf(bytes: Uint8Array, add: Add): Promise<void> {
  try {
    const file = await openPdf(bytes);
    await describeDocument(file, add);
    await writeAll(file, add, []);
  } catch (error) {
    describeRoughly(bytes, add);
    throw error;
  }
}

/** A PDF with the same pages. Throws LookError when that cannot be done for certain. */
export async function cleanPdf(bytes: Uint8Array): Promise<Uint8Array> {
  const out: Uint8Array[] = [ascii("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")];
  const positions = await writeAll(await openPdf(bytes), silent, out);
  const table = positions.slice(0, -1).map((at) => `${String(at).padStart(10, "0")} 00000 n \n`);
  const size = table.length + 1;
  out.push(ascii(`xref\n0 ${size}\n0000000000 65535 f \n${table.join("")}trailer\n<</Size ${size}/Root 1 0 R>>\n`));
  out.push(ascii(`startxref\n${positions.at(-1)}\n%%EOF\n`));
  return join(out);
}
