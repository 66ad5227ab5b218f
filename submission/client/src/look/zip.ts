// Zip archives (APPNOTE 6.3), as far as office programs write them: no zip64, no encryption, stored or deflated.
import { join } from "../core/bytes.ts";
import { ascii, crc32, marked, number, putNumber, slice, text } from "./bytes.ts";
import { deflate, inflate } from "./deflate.ts";
import { LookError } from "./errors.ts";
import type { Add } from "./finding.ts";

export interface Member {
  readonly name: string;
  readonly deflated: boolean;
  readonly packed: Uint8Array;
  /** Size when unpacked, as the archive claims it. */
  readonly size: number;
}

const LIMITS = {
  members: 4000,
  name: 300, // characters
  unpacked: 160 << 20, // bytes, all members together
};
const END = 22;
const NO_TIME = 0x21; // 1 January 1980, the first day that a zip can name

/** The position of the end record. */
function findEnd(bytes: Uint8Array): number {
  for (let at = bytes.length - END; at >= Math.max(0, bytes.length - END - 0xffff); at--) {
    if (bytes[at] === 0x50 && marked(bytes, at, "PK\x05\x06") && at + END + number(bytes, at + 20, 2, true) === bytes.length) return at;
  }
  throw new LookError("damaged");
}

function readName(bytes: Uint8Array): string {
  const name = text(bytes);
  if (name.length > LIMITS.name || /^\/|(^|\/)\.\.(\/|$)|[\\\0]/.test(name)) throw new LookError("damaged");
  return name;
}

function readMember(bytes: Uint8Array, at: number): Member {
  const [flags, method] = [number(bytes, at + 8, 2, true), number(bytes, at + 10, 2, true)];
  if (flags & 1) throw new LookError("encrypted");
  if (method !== 0 && method !== 8) throw new LookError("structure");
  const [packedSize, size, local] = [20, 24, 42].map((place) => number(bytes, at + place, 4, true)) as [number, number, number];
  if (!marked(bytes, local, "PK\x03\x04")) throw new LookError("damaged");
  const start = local + 30 + number(bytes, local + 26, 2, true) + number(bytes, local + 28, 2, true);
  const packed = slice(bytes, start, packedSize);
  if (method === 0 && packedSize !== size) throw new LookError("damaged");
  return { name: readName(slice(bytes, at + 46, number(bytes, at + 28, 2, true))), deflated: method === 8, packed, size };
}

/** The members of an archive; what the archive itself tells goes to `add`. Throws LookError. */
export function readZip(bytes: Uint8Array, add: Add): Member[] {
  const end = findEnd(bytes);
  const count = number(bytes, end + 10, 2, true);
  if (count > LIMITS.members) throw new LookError("too-large");
  if (bytes.length > end + END) add("comment", text(bytes.subarray(end + END)));
  const members = new Map<string, Member>();
  let at = number(bytes, end + 16, 4, true);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (!marked(bytes, at, "PK\x01\x02")) throw new LookError("damaged");
    const member = readMember(bytes, at);
    const day = number(bytes, at + 14, 2, true);
    if (day > NO_TIME) add("date", `${1980 + (day >> 9)}-${String((day >> 5) & 15).padStart(2, "0")}-${String(day & 31).padStart(2, "0")}`);
    sum += member.size + 1;
    if (sum > LIMITS.unpacked) throw new LookError("too-large");
    if (members.has(member.name)) throw new LookError("damaged"); // two programs would show two different files
    if (!member.name.endsWith("/")) members.set(member.name, member);
    at += 46 + number(bytes, at + 28, 2, true) + number(bytes, at + 30, 2, true) + number(bytes, at + 32, 2, true);
  }
  return [...members.values()];
}

/** The bytes of a member. Throws LookError "damaged" when it is not as long as it claims, "too-large" above `limit` bytes. */
export async function unpack(member: Member, limit: number): Promise<Uint8Array> {
  if (member.size > limit) throw new LookError("too-large");
  if (!member.deflated) return member.packed;
  const data = await inflate(member.packed, "deflate-raw", member.size);
  if (data.length !== member.size) throw new LookError("damaged");
  return data;
}

/** One member of an archive to be written; pictures are packed already, so they are stored. */
export interface NewMember {
  readonly name: string;
  readonly data: Uint8Array;
  readonly stored: boolean;
}

/** An archive without times, owners, comments and extra fields. */
export async function writeZip(members: readonly NewMember[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, data, stored } of members) {
    const encoded = new TextEncoder().encode(name);
    const packed = stored ? data : await deflate(data);
    const fields = new Uint8Array(26);
    putNumber(fields, 0, 2, 20, true);
    putNumber(fields, 2, 2, encoded.length === name.length ? 0 : 0x800, true);
    putNumber(fields, 4, 2, stored ? 0 : 8, true);
    putNumber(fields, 8, 2, NO_TIME, true);
    putNumber(fields, 10, 4, crc32(data), true);
    putNumber(fields, 14, 4, packed.length, true);
    putNumber(fields, 18, 4, data.length, true);
    putNumber(fields, 22, 2, encoded.length, true);
    const entry = join([ascii("PK\x01\x02\x14\0"), fields, new Uint8Array(14), encoded]);
    putNumber(entry, 42, 4, at, true);
    directory.push(entry);
    const local = [ascii("PK\x03\x04"), fields, encoded, packed];
    pieces.push(...local);
    at += local.reduce((sum, piece) => sum + piece.length, 0);
  }
  const end = new Uint8Array(END);
  end.set(ascii("PK\x05\x06"));
  putNumber(end, 8, 2, members.length, true);
  putNumber(end, 10, 2, members.length, true);
  putNumber(end, 12, 4, directory.reduce((sum, piece) => sum + piece.length, 0), true);
  putNumber(end, 16, 4, at, true);
  return join([...pieces, ...directory, end]);
}
