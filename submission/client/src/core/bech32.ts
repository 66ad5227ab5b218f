/** Bech32 (BIP 173) without the 90-character limit, as age uses it, for whole bytes and in lower case. */

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM = 6; // characters

/** Prefix (lower case), `1`, data and checksum. */
export function encode(prefix: string, data: Uint8Array): string {
  const values = regroup(data, 8, 5);
  const spare = (data.length * 8) % 5;
  if (spare > 0) values.push(((data.at(-1) ?? 0) << (5 - spare)) & 31);
  const codes = Array.from(prefix, (sign) => sign.charCodeAt(0));
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  const checksum = polymod([...expanded, ...values, ...new Array<number>(CHECKSUM).fill(0)]) ^ 1;
  for (let at = CHECKSUM - 1; at >= 0; at--) values.push((checksum >> (5 * at)) & 31);
  return `${prefix}1${values.map((value) => ALPHABET.charAt(value)).join("")}`;
}

/** The data behind text of that prefix; undefined for anything that `encode` would not write. */
export function decode(prefix: string, text: string): Uint8Array | undefined {
  const values = Array.from(text.slice(prefix.length + 1, -CHECKSUM), (sign) => ALPHABET.indexOf(sign));
  if (values.includes(-1)) return undefined;
  const data = Uint8Array.from(regroup(values, 5, 8));
  // So prefix, checksum, case and spare bits are all checked at once.
  return encode(prefix, data) === text ? data : undefined;
}

function polymod(values: readonly number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => (checksum ^= (top >> bit) & 1 ? generator : 0));
  }
  return checksum;
}

/** Regroups bits, most significant first; bits that fill no whole group are left out. */
function regroup(values: Iterable<number>, width: number, newWidth: number): number[] {
  const groups: number[] = [];
  let held = 0;
  let accumulator = 0;
  for (const value of values) {
    accumulator = (accumulator << width) | value;
    for (held += width; held >= newWidth; ) {
      held -= newWidth;
      groups.push(accumulator >> held);
      accumulator &= (1 << held) - 1;
    }
  }
  return groups;
}
