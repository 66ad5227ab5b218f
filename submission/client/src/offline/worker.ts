// The sealer's second thread: derives, seals and opens, so that the page never freezes and what runs can be ended.
import { deriveKeys } from "../core/codename.ts";
import { LapwingError } from "../core/errors.ts";
import { openReplies } from "../core/replies.ts";
import { openRoster } from "../core/roster.ts";
import { LetterSealer } from "../core/sealing.ts";
import { openSheet } from "../core/sheet.ts";
import { LookError } from "../look/errors.ts";
import type { Look } from "../look/finding.ts";
import { clean, look } from "../look/look.ts";
import { BEFORE_EVERY_END } from "./instance.ts";
import type { Message, RepliesTask, Results, SealTask, Task } from "./tasks.ts";

const PIECE = 1 << 20; // bytes of a file that are read at once
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
  return error instanceof DOMException && error.name !== "QuotaExceededError" ? "read" : "broken";
}

async function perform(task: Task, progress: Progress): Promise<Results[keyof Results]> {
  if (task.kind === "derive") return deriveKeys(task.codename, task.instance, (done) => progress(done, 1));
  if (task.kind === "look") return lookInto(task.file);
  return task.kind === "seal" ? seal(task, progress) : readShelf(task, progress);
}

async function lookInto(file: File): Promise<Look> {
  if (file.size <= LARGEST_LOOK) return look(await bytesOf(file), file.name);
  return { kind: "unknown", findings: [], canClean: false, whyNot: "too-large", cannotSee: ["everything"], loses: [] };
}

async function bytesOf(data: Blob): Promise<Uint8Array> {
  return new Uint8Array(await data.arrayBuffer());
}

async function seal(task: SealTask, progress: Progress): Promise<Blob> {
  const roster = openRoster(task.roster, task.root, task.today);
  const sheet = openSheet(task.sheet, roster, task.today);
  // Each part becomes a Blob at once, which a browser can put aside: the whole never lies in one array.
  const parts: Blob[] = [];
  const store = async (part: Uint8Array): Promise<void> => void parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
  const sealer = new LetterSealer({ sheet, roster, keys: task.keys, sealed: "before", notTo: task.notTo, store });
  const all = task.files.reduce((sum, { file }) => sum + file.size, 0);
  let before = 0;
  for (const { name, type, file, clean: cleaned } of task.files) {
    sealer.startFile(name, type);
    const data = cleaned ? new Blob([(await clean(await bytesOf(file))) as Uint8Array<ArrayBuffer>]) : file;
    for (let at = 0; at < data.size; at += PIECE) {
      await sealer.write(await bytesOf(data.slice(at, at + PIECE)));
      progress(before + Math.min(file.size, at + PIECE), all);
    }
    sealer.endFile();
    before += file.size;
  }
  const tip = crypto.getRandomValues(new Uint8Array(TIP_SIZE));
  const { number, language, fields, story } = task;
  const letter = await sealer.finish({ tip, number, language, fields, story });
  return new Blob([letter as Uint8Array<ArrayBuffer>, ...parts], { type: "application/octet-stream" });
}

async function readShelf(task: RepliesTask, progress: Progress): Promise<Results["replies"]> {
  const roster = openRoster(task.roster, task.root, BEFORE_EVERY_END);
  return openReplies(await bytesOf(task.shelf), task.keys, [roster], progress);
}
