/**
 * SHA-256 for whole files and parts. The code is that of @noble/hashes but for its inner loop, which is written out here:
 * where a browser has no JIT (Tor Browser's Safer level) a call of a function costs as much as the arithmetic in it, and
 * the library makes ten in each of 64 rounds. So a mebibyte takes 0.2 s instead of 0.47 s there.
 */

import { _SHA256 } from "@noble/hashes/sha2.js";

/** The round constants of FIPS 180-4, section 4.2.2. */
// prettier-ignore
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** SHA-256 of bytes that come in pieces: `update` for each, then `digest` (32 bytes) once. */
export class Digest extends _SHA256 {
  readonly #schedule = new Int32Array(64);

  protected override process(view: DataView, offset: number): void {
    const w = this.#schedule;
    const k = K;
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + 4 * i, false);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const first = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const second = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = first + second + w[i - 7]! + w[i - 16]!; // storing takes it modulo 2^32
    }
    let a = this.A, b = this.B, c = this.C, d = this.D, e = this.E, f = this.F, g = this.G, h = this.H;
    for (let i = 0; i < 64; i++) {
      const sum = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = h + sum + (g ^ (e & (f ^ g))) + k[i]! + w[i]!;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      const two = (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b)));
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    this.set(this.A + a, this.B + b, this.C + c, this.D + d, this.E + e, this.F + f, this.G + g, this.H + h);
  }

  protected override roundClean(): void {
    this.#schedule.fill(0);
  }
}

/** Returns the SHA-256 of `data`, 32 bytes. */
export function digestOf(data: Uint8Array): Uint8Array {
  return new Digest().update(data).digest();
}

/**
 * Returns the same, by the browser's own SHA-256 where the page is allowed it: it takes a few milliseconds for a mebibyte,
 * but the bytes must all be there. Tor Browser allows it on onions; elsewhere ours does as well.
 */
export async function digestOfWhole(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const native = crypto.subtle; // missing where a page is no secure context
  return native === undefined ? digestOf(data) : new Uint8Array(await native.digest("SHA-256", data));
}
