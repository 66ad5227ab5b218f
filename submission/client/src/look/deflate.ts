// The browser's own (de)compression, in small steps so that a bomb is stopped long before it fills the memory.
// CompressionStream and DecompressionStream are in Firefox since 113, so in every Tor Browser since 13.0, at every security level.
import { join } from "../core/bytes.ts";
import { LookError } from "./errors.ts";

const STEP = 16 * 1024; // deflate makes at most 1,032 times as much of it: 16 MiB between two looks at the limit

/** The pieces that `transform` makes of `bytes`, at most `limit` bytes. Throws LookError "damaged" or "too-large". */
async function through(bytes: Uint8Array, transform: CompressionStream | DecompressionStream, limit: number): Promise<Uint8Array> {
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  let failed = false;
  const feed = async (): Promise<void> => {
    for (let at = 0; at < bytes.length && !failed; at += STEP) await writer.write(new Uint8Array(bytes.subarray(at, at + STEP)));
    await writer.close();
  };
  const fed = feed().catch(() => undefined); // what breaks the one side breaks the other, and is told there
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      size += step.value.length;
      if (size > limit) throw new LookError("too-large");
      pieces.push(step.value);
    }
    await fed;
  } catch (error) {
    failed = true;
    await Promise.allSettled([reader.cancel(), writer.abort()]);
    throw error instanceof LookError ? error : new LookError("damaged");
  }
  return join(pieces);
}

/** What raw deflate ("deflate-raw", as in zip) or zlib ("deflate", as in PDF) bytes unpack to, at most `limit` bytes. */
export async function inflate(bytes: Uint8Array, format: "deflate" | "deflate-raw", limit: number): Promise<Uint8Array> {
  return through(bytes, new DecompressionStream(format), limit);
}

/** Raw deflate of `bytes`. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return through(bytes, new CompressionStream("deflate-raw"), 2 * bytes.length + 1024);
}
