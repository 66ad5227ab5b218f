// Parts on their way: all of them, each once, in no order, never too many at a time.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startShipping } from "../../../submission/client/src/page/shipping.ts";

const numbered = (number: number): Uint8Array<ArrayBuffer> => new Uint8Array([number]);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test("every part arrives once, and in another order than it was made", async () => {
  const orders = new Set<string>();
  for (let time = 0; time < 20; time++) {
    const order: number[] = [];
    let told = 0;
    const shipping = startShipping(
      async ([number]) => {
        await turn();
        order.push(number ?? -1);
      },
      () => told++,
    );
    for (let number = 0; number < 12; number++) await shipping.add(numbered(number));
    await shipping.finish();
    assert.deepEqual([...order].sort((one, other) => one - other), [...Array(12).keys()]);
    assert.deepEqual([told, shipping.arrived()], [12, 12]);
    orders.add(order.join());
  }
  assert.ok(orders.size > 15);
});

test("nothing leaves before there are some to draw from", async () => {
  const sent: number[] = [];
  const shipping = startShipping(async ([number]) => void sent.push(number ?? -1), () => undefined);
  for (let number = 0; number < 7; number++) await shipping.add(numbered(number));
  await turn();
  assert.deepEqual(sent, []);
  await shipping.finish();
  assert.equal(sent.length, 7);
});

test("two are on their way at a time, and no more than sixteen wait", async () => {
  let [sending, most] = [0, 0];
  const gates: (() => void)[] = [];
  const shipping = startShipping(
    async () => {
      most = Math.max(most, ++sending);
      await new Promise<void>((resolve) => gates.push(resolve));
      sending--;
    },
    () => undefined,
  );
  let added = 0;
  const adding = (async () => {
    for (; added < 40; added++) await shipping.add(numbered(added));
  })();
  await turn();
  assert.equal(added, 17); // sixteen wait, two are on their way, and one of these was the last to be let in
  const opening = setInterval(() => gates.splice(0).forEach((open) => open()), 0);
  await adding;
  await shipping.finish();
  clearInterval(opening);
  assert.deepEqual([most, shipping.arrived()], [2, 40]);
});

test("what stops one stops all, and is told to whoever waits", async () => {
  const shipping = startShipping(
    async () => {
      throw new RangeError("no");
    },
    () => undefined,
  );
  await shipping.add(numbered(0));
  await assert.rejects(shipping.finish(), RangeError);
  await assert.rejects(shipping.add(numbered(1)), RangeError);
});

test("without parts there is nothing to wait for", async () => {
  await startShipping(async () => undefined, () => undefined).finish();
});
