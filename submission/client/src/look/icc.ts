// Colour profiles (ICC.1:2022). A profile can be of one screen alone, so none is kept: for the two wide spaces that phones and
// cameras use, a profile of our own takes its place; every other goes, and the picture counts as sRGB.
import { join } from "../core/bytes.ts";
import { ascii, characters, marked, number, putNumber, same, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";

interface Space {
  /** The D50 colourants of red, green and blue, nine numbers. */
  readonly colourants: readonly number[];
  readonly curve: Uint8Array;
}

/** One s15Fixed16 number. */
function fixed(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putNumber(bytes, 0, 4, Math.round(value * 65536) >>> 0);
  return bytes;
}

function spaces(): readonly Space[] {
  return [
    {
      // Display P3, with the curve of sRGB (IEC 61966-2-1)
      colourants: [0.51512, 0.2412, -0.00105, 0.29198, 0.69225, 0.04189, 0.1571, 0.06657, 0.78407],
      curve: join([ascii("para\0\0\0\0\0\x03\0\0"), ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed)]),
    },
    {
      // Adobe RGB (1998), gamma 563/256
      colourants: [0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457],
      curve: ascii("curv\0\0\0\0\0\0\0\x01\x02\x33\0\0"),
    },
  ];
}

/** A profile of 316 or 332 bytes that says nothing but the space: no maker, date, name or id. */
function build({ colourants, curve }: Space): Uint8Array {
  const xyz = (values: readonly number[]): Uint8Array => join([ascii("XYZ \0\0\0\0"), ...values.map(fixed)]);
  const values = [xyz([0.9642, 1, 0.82491]), xyz(colourants.slice(0, 3)), xyz(colourants.slice(3, 6)), xyz(colourants.slice(6)), curve];
  const names = ["wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"];
  const start = 132 + 12 * names.length;
  const table = names.map((name, i) => {
    const at = start + 20 * Math.min(i, 4); // the three curves are one
    const entry = join([ascii(name), new Uint8Array(8)]);
    putNumber(entry, 4, 4, at);
    putNumber(entry, 8, 4, i < 4 ? 20 : curve.length);
    return entry;
  });
  const header = new Uint8Array(132);
  header.set(ascii("\x04\0\0\0mntrRGB XYZ "), 8);
  header.set(ascii("acsp"), 36);
  header.set(join([fixed(0.9642), fixed(1), fixed(0.82491)]), 68);
  putNumber(header, 128, 4, names.length);
  const profile = join([header, ...table, ...values]);
  putNumber(profile, 0, 4, profile.length);
  return profile;
}

/** Where the data of a tag stands; undefined when there is none. */
function tag(profile: Uint8Array, name: string): Uint8Array | undefined {
  const count = Math.min(number(profile, 128, 4), 100);
  for (let i = 0; i < count; i++) {
    const at = 132 + 12 * i;
    if (marked(profile, at, name)) return slice(profile, number(profile, at + 4, 4), number(profile, at + 8, 4));
  }
  return undefined;
}

/** Runs `read`, and gives undefined where the profile is damaged. */
function sound<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof LookError) return undefined;
    throw error;
  }
}

/** Our own profile for the same space, where it is one of the two; undefined otherwise. Throws nothing. */
export function rebuiltProfile(profile: Uint8Array): Uint8Array | undefined {
  return sound(() => {
    if (!marked(profile, 16, "RGB XYZ ")) return undefined;
    const found = ["rXYZ", "gXYZ", "bXYZ"].flatMap((name) => {
      const data = tag(profile, name) ?? new Uint8Array(20);
      return [8, 12, 16].map((at) => (number(data, at, 4) | 0) / 65536);
    });
    const space = spaces().find(({ colourants }) => colourants.every((value, i) => Math.abs(value - found[i]!) < 0.002));
    return space === undefined ? undefined : build(space);
  });
}

/** Whether a profile is one that a clean copy may have. */
export function isPlainProfile(profile: Uint8Array): boolean {
  const rebuilt = rebuiltProfile(profile);
  return rebuilt !== undefined && same(rebuilt, profile);
}

/** The name that a profile gives itself, or "". Throws nothing. */
export function profileName(profile: Uint8Array): string {
  const name = sound(() => {
    const data = tag(profile, "desc");
    if (data === undefined) return "";
    if (!marked(data, 0, "mluc")) return text(data.subarray(12, 12 + Math.min(number(data, 8, 4), 100)));
    const utf16 = slice(data, number(data, 24, 4), Math.min(number(data, 20, 4), 200));
    return characters(utf16).replace(/\0/g, "");
  });
  return name ?? "";
}
