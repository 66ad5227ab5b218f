// Starts tasks in a second thread. Each has one of its own that ends with it, so that a task can be ended at any moment.
import type { Message, Results, Task } from "./tasks.ts";

/** A task ended without a result; `kind` as in a Message, or "cancelled". */
export class TaskError extends Error {
  readonly kind: string;

  constructor(kind: string) {
    super(`the task ended without a result: ${kind}`);
    this.kind = kind;
  }
}

export interface Run {
  readonly progress?: (done: number, all: number) => void;
  /** Ends the task. */
  readonly signal?: AbortSignal;
}

/** Does a task and returns its result; throws TaskError. */
export type Jobs = <Kind extends keyof Results>(task: Task & { readonly kind: Kind }, run?: Run) => Promise<Results[Kind]>;

/** Returns what starts tasks. `script` is the text of this very script: a file on the disk has no address to load it from again. */
export function jobs(script: string): Jobs {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return (task, { progress, signal } = {}) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(address);
      const end = (kind: string): void => {
        worker.terminate();
        reject(new TaskError(kind));
      };
      worker.addEventListener("error", () => end("broken"));
      worker.addEventListener("messageerror", () => end("broken"));
      worker.addEventListener("message", ({ data }: MessageEvent<Message>) => {
        if ("done" in data) return progress?.(data.done, data.all);
        if ("failed" in data) return end(data.failed);
        worker.terminate();
        resolve(data.result as Results[typeof task.kind]);
      });
      signal?.addEventListener("abort", () => end("cancelled"));
      worker.postMessage(task);
    });
}
