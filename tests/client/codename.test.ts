import assert from "node:assert/strict";
import { test } from "node:test";

import { type Codename, deriveKeys, newCodename } from "../../submission/client/src/core/codename.ts";

const CODENAME: Codename = [0, 0, 0, 0, 0, 0, 0, 2762];

test("what progress throws ends the derivation", async () => {
  const cancelled = new Error("the source changed their mind");
  let calls = 0;
  const derivation = deriveKeys(CODENAME, new Uint8Array(16), () => {
    calls += 1;
    throw cancelled;
  });

  await assert.rejects(derivation, cancelled);
  assert.equal(calls, 1);
});

test("messages arrive while a codename is stretched", async () => {
  let arrived = 0;
  const channel = new MessageChannel();
  channel.port2.onmessage = () => {
    arrived += 1;
    channel.port1.postMessage("again");
  };
  channel.port1.postMessage("first");

  await deriveKeys(CODENAME, new Uint8Array(16));
  channel.port1.close();

  assert.ok(arrived > 10, `${arrived} messages arrived`);
});

test("a draw beyond the list is made again", () => {
  const real = crypto.getRandomValues.bind(crypto);
  const drawn = [7776, 8191, 0xffff, 7775, 1, 2, 3, 4, 5, 6]; // 0xffff has 8191 in its lower bits
  crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
    assert.ok(array instanceof Uint16Array && array.length === 1);
    array[0] = drawn.shift() ?? 0;
    return array;
  };
  try {
    assert.deepEqual(newCodename().slice(0, 7), [7775, 1, 2, 3, 4, 5, 6]);
  } finally {
    crypto.getRandomValues = real;
  }
});
