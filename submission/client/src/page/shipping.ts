// Parts on their way: a few are held back, and the next one is drawn at random from them, so that no order shows outside.

const ENOUGH = 8; // parts to draw from, unless no more will come
const MOST = 16; // parts held at the same time, 16 MiB
const AT_ONCE = 2; // requests at the same time; the intake serves no more of one circuit

export interface Shipping {
  /** Takes a sealed part; waits while too many are held. Throws what sending one threw. */
  readonly add: (part: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** Sends what is left; ends when every part has arrived. Throws what sending one threw. */
  readonly finish: () => Promise<void>;
  /** How many parts have arrived. */
  readonly arrived: () => number;
}

/**
 * Begins to ship parts, each by `send`, which shall try again by itself.
 *
 * @param send one part; what it throws ends the shipping
 * @param tell called when one more has arrived
 */
export function startShipping(send: (part: Uint8Array<ArrayBuffer>) => Promise<void>, tell: () => void): Shipping {
  const held: Uint8Array<ArrayBuffer>[] = [];
  let sending = 0;
  let arrived = 0;
  let all = false;
  let failure: { readonly error: unknown } | undefined;
  let waiting: (() => void)[] = [];

  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const one of woken) one();
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  const ship = async (part: Uint8Array<ArrayBuffer>): Promise<void> => {
    sending++;
    try {
      await send(part);
      arrived++;
      tell();
    } catch (error) {
      failure ??= { error };
    }
    sending--;
    next();
    wake();
  };
  const next = (): void => {
    while (failure === undefined && sending < AT_ONCE && held.length > 0 && (all || held.length >= ENOUGH)) {
      const [part] = held.splice(below(held.length), 1);
      if (part !== undefined) void ship(part);
    }
  };
  return {
    add: async (part) => {
      check();
      held.push(part);
      next();
      while (held.length >= MOST && failure === undefined) await change();
      check();
    },
    finish: async () => {
      all = true;
      next();
      while ((held.length > 0 || sending > 0) && failure === undefined) await change();
      check();
    },
    arrived: () => arrived,
  };
}

/** A random number from 0 to below `count`, which is small. */
export function below(count: number): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn % count; // of 16, no remainder is likelier than another by more than a billionth
}
