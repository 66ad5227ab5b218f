// What goes to the intake and comes from it. Nothing unsealed passes here; each request stands alone and may be repeated.

import { concat, hex, utf8 } from "../core/bytes.ts";

/** Why something did not arrive, as a word to choose what is said and done by. */
export type Trouble =
  | "unreachable" // no answer, or none in time
  | "wait" // it asks to be left alone for a while: `seconds`
  | "closed" // no keys in force
  | "full" // no room for files until reviewers fetched what is there
  | "keys" // sealed to keys that are no longer in force
  | "fault"; // it failed, or did not understand

export class TransportError extends Error {
  readonly trouble: Trouble;
  readonly seconds: number;

  constructor(trouble: Trouble, seconds = 0) {
    super(`the intake did not take it: ${trouble}`);
    this.trouble = trouble;
    this.seconds = seconds;
  }
}

/** The world outside, as far as it is needed here; tests put in their own. */
export interface World {
  readonly fetch: (path: string, options: RequestInit) => Promise<Response>;
  /** Ends early, by throwing, when the signal is given. */
  readonly wait: (seconds: number, signal: AbortSignal) => Promise<void>;
}

const SLOWEST = 4_096; // bytes in a second; below that the intake itself gives up
const PATIENCE = 60; // seconds besides
const LONGEST_WAIT = 300; // seconds that the intake may ask to wait and get it without a word from the source
const TRIES = 6; // of one request, when nothing answers: about two minutes of waiting in all

/** Sends one sealed part, 1,048,576 bytes; the same one again does no harm. */
export async function sendPart(world: World, part: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  const headers = { "Content-Type": "application/octet-stream" };
  await insist(world, signal, () => ask(world, "/part", { method: "POST", headers, body: part }, part.length, signal));
}

/** Sends the finished letter, 65,536 bytes; the same one again does no harm. */
export async function sendLetter(world: World, letter: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  const boundary = `lapwing-${hex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="letter"; filename="letter.age"\r\n\r\n`;
  const body = new Uint8Array(concat(utf8(head), letter, utf8(`\r\n--${boundary}--\r\n`)));
  const headers = { "Content-Type": `multipart/form-data; boundary=${boundary}` };
  await insist(world, signal, () => ask(world, "/letter", { method: "POST", headers, body }, body.length, signal));
}

/** Fetches what is the same for everybody. `received` is told how many bytes came, and how many there are if that is known. */
export async function take(
  world: World,
  path: string,
  signal: AbortSignal,
  received: (done: number, of: number) => void = () => undefined,
): Promise<ArrayBuffer> {
  return insist(world, signal, async () => {
    const answer = await ask(world, path, { method: "GET" }, 262_144, signal);
    return readAll(answer, received);
  });
}

async function readAll(answer: Response, received: (done: number, of: number) => void): Promise<ArrayBuffer> {
  const of = Number(answer.headers.get("Content-Length") ?? 0);
  const pieces: BlobPart[] = [];
  let done = 0;
  try {
    if (answer.body === null) return await answer.arrayBuffer();
    for (const reader = answer.body.getReader(); ; ) {
      const { value, done: ended } = await reader.read();
      if (ended) return await new Blob(pieces).arrayBuffer();
      pieces.push(value);
      received((done += value.length), of);
    }
  } catch {
    throw new TransportError("unreachable");
  }
}

async function ask(world: World, path: string, options: RequestInit, size: number, signal: AbortSignal): Promise<Response> {
  const late = AbortSignal.timeout(1000 * Math.ceil(PATIENCE + size / SLOWEST));
  let answer: Response;
  try {
    answer = await world.fetch(path, {
      ...options,
      signal: AbortSignal.any([signal, late]),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      cache: "no-store",
    });
  } catch {
    signal.throwIfAborted();
    throw new TransportError("unreachable");
  }
  if (answer.ok) return answer;
  throw refusal(answer.status, Number(answer.headers.get("Retry-After") ?? 0));
}

function refusal(status: number, seconds: number): TransportError {
  if (status === 507) return new TransportError("full");
  if (status === 409) return new TransportError("keys");
  if (seconds > 0) return new TransportError("wait", seconds);
  if (status === 503) return new TransportError("closed");
  return new TransportError(status >= 500 ? "unreachable" : "fault");
}

/** Tries again, after 1, 2, 4 … seconds when nothing answers, and after as long as the intake asks when it asks. */
async function insist<T>(world: World, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await request();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransportError) || tries === TRIES) throw error;
      if (error.trouble === "unreachable") await world.wait(2 ** (tries - 1) * (1 + Math.random()), signal);
      else if (error.trouble === "wait" && error.seconds <= LONGEST_WAIT) await world.wait(error.seconds, signal);
      else throw error;
    }
  }
}

/** The real world. */
export const WORLD: World = {
  fetch: (path, options) => fetch(path, options),
  wait: (seconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, 1000 * seconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    }),
};
