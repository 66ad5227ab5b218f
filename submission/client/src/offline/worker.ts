// The sealer's second thread: derives, seals and opens, so that the page never freezes and what runs can be ended.
import { deriveKeys } from "../core/codename.ts";
import { LapwingError } from "../core/errors.ts";
import { openReplies } from "../core/replies.ts";
import { openRoster } from "../core/roster.ts";
import { openSheet } from "../core/sheet.ts";
import { FileGoneError, lookInto, read, sealLetter } from "../enclosures/sealing.ts";
import { LookError } from "../look/errors.ts";
import { BEFORE_EVERY_END } from "./instance.ts";
import type { Message, RepliesTask, Results, SealTask, Task } from "./tasks.ts";

const TIP_SIZE = 16;
const LARGEST_LOOK = 256 << 20; // bytes of a file that are taken into memory to look into it

/** Tells how far a task is. */
type Progress = (done: number, all: number) => void;

/** Waits for one task, does it, and tells how it ended. */
export function work(): void {
  addEventListener("message", (event: MessageEvent<Task>) => {
    const progress: Progress = (done, all) => tell({ done, all });
    perform(event.data, progress).then(
      (result) => tell({ result }),
      (error: unknown) => tell({ failed: kindOf(error) }),
    );
  });
}

function tell(message: Message): void {
  postMessage(message);
}

function kindOf(error: unknown): string {
  if (error instanceof LookError) return "clean";
  if (error instanceof LapwingError) return error.kind;
  return error instanceof FileGoneError ? "read" : "broken";
}

async function perform(task: Task, progress: Progress): Promise<Results[keyof Results]> {
  if (task.kind === "derive") return deriveKeys(task.codename, task.instance, (done) => progress(done, 1));
  if (task.kind === "look") return lookInto(task.file, LARGEST_LOOK);
  return task.kind === "seal" ? seal(task, progress) : readShelf(task, progress);
}

async function seal(task: SealTask, progress: Progress): Promise<Blob> {
  const roster = openRoster(task.roster, task.root, task.today);
  const sheet = openSheet(task.sheet, roster, task.today);
  // Each part becomes a Blob at once, which a browser can put aside: the whole never lies in one array.
  const parts: Blob[] = [];
  const store = async (part: Uint8Array): Promise<void> => void parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
  const tip = crypto.getRandomValues(new Uint8Array(TIP_SIZE));
  const letter = await sealLetter({ ...task, tip, sealed: "before" }, { sheet, roster, keys: task.keys, store, progress });
  return new Blob([letter as Uint8Array<ArrayBuffer>, ...parts], { type: "application/octet-stream" });
}

async function readShelf(task: RepliesTask, progress: Progress): Promise<Results["replies"]> {
  const roster = openRoster(task.roster, task.root, BEFORE_EVERY_END);
  return openReplies(await read(task.shelf), task.keys, [roster], progress);
}
