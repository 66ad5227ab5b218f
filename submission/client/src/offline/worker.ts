// The sealer's second thread: derives, seals and opens, so that the page never freezes and what runs can be ended.
import { answer, openChallenge } from "../core/challenge.ts";
import { deriveClaim } from "../core/claim.ts";
import { claimSalt } from "../core/claimwords.ts";
import { deriveKeys } from "../core/codename.ts";
import { LapwingError } from "../core/errors.ts";
import { openReplies } from "../core/replies.ts";
import { openRoster } from "../core/roster.ts";
import { openSheet } from "../core/sheet.ts";
import { FileGoneError, lookInto, read, sealLetter } from "../enclosures/sealing.ts";
import { LookError } from "../look/errors.ts";
import { BEFORE_EVERY_END } from "./instance.ts";
import type { AnswerTask, CommitTask, Message, RepliesTask, Results, SealTask, Task } from "./tasks.ts";

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
  if (task.kind === "commit") return commit(task, progress);
  if (task.kind === "answer") return answerTo(task, progress);
  return task.kind === "seal" ? seal(task, progress) : readShelf(task, progress);
}

async function commit({ words, instance, tip }: CommitTask, progress: Progress): Promise<Uint8Array> {
  return (await deriveClaim(words, claimSalt(instance, tip), (done) => progress(done, 1))).commitment;
}

async function answerTo({ words, challenge, today, beneficiary, language }: AnswerTask, progress: Progress): Promise<Uint8Array> {
  const opened = openChallenge(challenge, today);
  const keys = await deriveClaim(words, opened.salt, (done) => progress(done, 1));
  return answer(opened, beneficiary, language, keys);
}

async function seal(task: SealTask, progress: Progress): Promise<Blob> {
  const roster = openRoster(task.roster, task.root, task.today);
  const sheet = openSheet(task.sheet, roster, task.today);
  // Each part becomes a Blob at once, which a browser can put aside: the whole never lies in one array.
  const parts: Blob[] = [];
  const store = async (part: Uint8Array): Promise<void> => void parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
  const letter = await sealLetter({ ...task, sealed: "before" }, { sheet, roster, keys: task.keys, store, progress });
  return new Blob([letter as Uint8Array<ArrayBuffer>, ...parts], { type: "application/octet-stream" });
}

async function readShelf(task: RepliesTask, progress: Progress): Promise<Results["replies"]> {
  const roster = openRoster(task.roster, task.root, BEFORE_EVERY_END);
  return openReplies(await read(task.shelf), task.keys, [roster], progress);
}
