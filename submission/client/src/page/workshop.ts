// The page's side of the worker: asks it, and passes on what comes back.
import type { FromWorker, Refusal, Task, Tasks, ToWorker } from "./messages.ts";

/** What the worker refused, to be told apart by `refusal`. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`the worker refused: ${refusal.what}`);
    this.refusal = refusal;
  }
}

/** What happens while a task runs. */
export interface During {
  readonly progress?: (done: number, of: number) => void;
  /** Takes a sealed part, 1,048,576 bytes; the sealing waits for it. */
  readonly part?: (part: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface Workshop {
  /** Asks for a task; throws RefusedError. Tasks of one kind shall not overlap. */
  readonly ask: <T extends Task>(task: T, order: Tasks[T]["order"], during?: During) => Promise<Tasks[T]["result"]>;
}

/** The worker, or whatever stands in for it. */
export interface Hands {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly during: During;
}

const BROKEN: Refusal = { what: "broken", kind: "" };

/** Opens the workshop. When the worker breaks, everything asked of it, then and later, is refused as "broken". */
export function openWorkshop(hands: Hands): Workshop {
  const pending = new Map<number, Pending>();
  let last = 0;
  let broken = false;

  const end = (id: number): Pending | undefined => {
    const one = pending.get(id);
    pending.delete(id);
    return one;
  };
  const give = async (id: number, part: Uint8Array<ArrayBuffer>): Promise<void> => {
    try {
      await pending.get(id)?.during.part?.(part);
      hands.postMessage({ id, task: "taken" }, []);
    } catch (error) {
      hands.postMessage({ id, task: "stop" }, []);
      end(id)?.reject(error instanceof Error ? error : new RefusedError(BROKEN));
    }
  };
  hands.onmessage = ({ data }) => {
    if ("done" in data) pending.get(data.id)?.during.progress?.(data.done, data.of);
    else if ("part" in data) void give(data.id, new Uint8Array(data.part));
    else if ("refusal" in data) end(data.id)?.reject(new RefusedError(data.refusal));
    else end(data.id)?.resolve(data.result as never);
  };
  hands.onerror = (event) => {
    event.preventDefault();
    broken = true;
    for (const id of [...pending.keys()]) end(id)?.reject(new RefusedError(BROKEN));
  };

  return {
    ask: <T extends Task>(task: T, order: Tasks[T]["order"], during: During = {}) => {
      if (broken) return Promise.reject(new RefusedError(BROKEN));
      const id = ++last;
      during.signal?.addEventListener("abort", () => hands.postMessage({ id, task: "stop" }, []));
      return new Promise<Tasks[T]["result"]>((resolve, reject) => {
        pending.set(id, { resolve, reject, during });
        hands.postMessage({ id, task, order } as ToWorker, transferable(order));
      });
    },
  };
}

/** Buffers are handed over, not copied. */
function transferable(order: object | null): Transferable[] {
  return Object.values(order ?? {}).filter((value) => value instanceof ArrayBuffer);
}
