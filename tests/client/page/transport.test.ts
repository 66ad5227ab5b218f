// What goes to the intake: each request alone, tried again within bounds, and never when the intake refused it for good.
import assert from "node:assert/strict";
import { test } from "node:test";

import { sendLetter, sendPart, take, TransportError, type World } from "../../../submission/client/src/page/transport.ts";

type Answer = Response | "broken";

interface Seen {
  readonly path: string;
  readonly options: RequestInit;
}

/** An intake that gives these answers in turn, the last one for ever, and a clock that only counts. */
function intake(...answers: readonly Answer[]): { world: World; seen: Seen[]; waits: number[] } {
  const [seen, waits]: [Seen[], number[]] = [[], []];
  const world: World = {
    fetch: async (path, options) => {
      const answer = answers[Math.min(seen.length, answers.length - 1)] ?? "broken";
      seen.push({ path, options });
      if (answer === "broken") throw new TypeError("broken");
      return answer.clone();
    },
    wait: async (seconds) => {
      waits.push(seconds);
    },
  };
  return { world, seen, waits };
}

const signal = new AbortController().signal;
const part = new Uint8Array(1_048_576).fill(7);
const kept = new Response("kept\n");
const refused = (status: number, after?: number): Response =>
  new Response("", { status, ...(after === undefined ? {} : { headers: { "Retry-After": String(after) } }) });

async function trouble(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof TransportError) return error.trouble;
    throw error;
  }
  return "";
}

test("a part goes as it is, without cookie, referrer or cache", async () => {
  const { world, seen } = intake(kept);
  await sendPart(world, part, signal);
  assert.equal(seen.length, 1);
  const [{ path, options } = { path: "", options: {} }] = seen;
  assert.deepEqual([path, options.method, options.body], ["/part", "POST", part]);
  assert.deepEqual(options.headers, { "Content-Type": "application/octet-stream" });
  assert.deepEqual(
    [options.credentials, options.referrerPolicy, options.redirect, options.cache],
    ["omit", "no-referrer", "error", "no-store"],
  );
});

test("a letter goes as the one file of a form", async () => {
  const { world, seen } = intake(kept);
  const letter = crypto.getRandomValues(new Uint8Array(65_536));
  await sendLetter(world, letter, signal);
  const options = seen[0]?.options ?? {};
  const form = await new Response(options.body ?? null, options.headers === undefined ? {} : { headers: options.headers }).formData();
  const file = form.get("letter");
  assert.ok(file instanceof File);
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), letter);
  assert.deepEqual([...form.keys()], ["letter"]);
});

test("what breaks off is tried again, each time after longer, and six times in all", async () => {
  const { world, seen, waits } = intake("broken");
  assert.equal(await trouble(sendPart(world, part, signal)), "unreachable");
  assert.equal(seen.length, 6);
  assert.equal(waits.length, 5);
  waits.forEach((seconds, at) => assert.ok(seconds >= 2 ** at && seconds < 2 ** (at + 1)));
});

test("what breaks off once is sent twice", async () => {
  const { world, seen } = intake("broken", kept);
  await sendPart(world, part, signal);
  assert.equal(seen.length, 2);
});

test("a fault of the intake is tried again, since twice does no harm", async () => {
  const { world, seen } = intake(refused(500), kept);
  await sendLetter(world, part.slice(0, 65_536), signal);
  assert.equal(seen.length, 2);
});

test("who is asked to wait waits as long", async () => {
  const { world, waits } = intake(refused(429, 120), refused(503, 300), kept);
  await sendPart(world, part, signal);
  assert.deepEqual(waits, [120, 300]);
});

test("who is asked to wait for long asks the source", async () => {
  const { world, waits } = intake(refused(429, 3_600));
  await assert.rejects(
    sendPart(world, part, signal),
    (error) => error instanceof TransportError && error.trouble === "wait" && error.seconds === 3_600,
  );
  assert.deepEqual(waits, []);
});

for (const [status, word] of [[507, "full"], [409, "keys"], [503, "closed"], [400, "fault"], [413, "fault"]] as const) {
  test(`a refusal with ${status} is not repeated`, async () => {
    const { world, seen } = intake(refused(status));
    assert.equal(await trouble(sendPart(world, part, signal)), word);
    assert.equal(seen.length, 1);
  });
}

test("no room is no room, however long the intake asks to wait", async () => {
  const { world } = intake(refused(507, 86_400));
  assert.equal(await trouble(sendPart(world, part, signal)), "full");
});

test("what is stopped is not tried again", async () => {
  const { world, seen } = intake("broken");
  const stopping = new AbortController();
  stopping.abort();
  await assert.rejects(sendPart(world, part, stopping.signal), { name: "AbortError" });
  assert.equal(seen.length, 1);
});

test("what comes is told while it comes", async () => {
  const { world } = intake(new Response("x".repeat(1_000), { headers: { "Content-Length": "1000" } }));
  const told: [number, number][] = [];
  const got = await take(world, "/shelf/", signal, (done, of) => told.push([done, of]));
  assert.equal(got.byteLength, 1_000);
  assert.deepEqual(told.at(-1), [1_000, 1_000]);
});
