/** Shelves: where a reply waits, named by the first bits of the source's shelf value; as wire/shelf.py. */

export const BITS = 16; // the most bits that a shelf can have, and what a letter tells

/** Returns the first 16 bits of a shelf value (32 bytes), 0 to 65,535. */
export function shelfOf(value: Uint8Array): number {
  return new DataView(value.buffer, value.byteOffset).getUint16(0);
}

/** Returns the name of the shelf to ask for: the first `bits` bits of a shelf value, 0 to 16 characters `0` and `1`. */
export function shelfName(value: Uint8Array, bits: number): string {
  return shelfOf(value).toString(2).padStart(BITS, "0").slice(0, bits);
}
