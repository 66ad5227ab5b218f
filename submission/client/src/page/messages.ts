// What the page and its worker say to each other. Words of the codename, keys and everything unsealed stay with these two.
import type { LetterOrder } from "../enclosures/sealing.ts";
import type { Look } from "../look/finding.ts";

/** A reviewer, as a source is shown one. */
export interface Reader {
  readonly id: string;
  readonly label: string;
}

/** What was checked and holds: who may read, under which key sheet. */
export interface Organisation {
  readonly week: string;
  readonly readers: readonly Reader[];
  readonly approvals: number;
}

/** One reply, as it is shown. */
export interface ShownReply {
  readonly reviewer: string;
  readonly label: string;
  /** Whether its reviewer is on the roster no longer. */
  readonly left: boolean;
  readonly number: number;
  readonly seen: number;
  readonly week: string;
  readonly text: string;
}

export interface FoundReplies {
  /** Newest first. */
  readonly replies: readonly ShownReply[];
  readonly gaps: readonly { readonly label: string; readonly number: number }[];
  /** What the next letter of this codename is numbered. */
  readonly next: number;
}

/** What the worker can be asked: the order that goes in and the result that comes out. */
export interface Tasks {
  /** The word list, once, before anything about codenames. */
  words: { order: { text: ArrayBuffer }; result: null };
  /** Checks roster (root, signature, date) and key sheet (signatures, date, everybody present), and that it names this script. */
  organisation: {
    order: { root: string; roster: ArrayBuffer; sheet: ArrayBuffer; today: string; bundle: string | null };
    result: Organisation;
  };
  /** Checks the roster alone: enough to read replies while there is no key sheet. */
  roster: { order: { root: string; roster: ArrayBuffer; today: string }; result: null };
  /** Makes a codename. The worker keeps it for `keys`. */
  create: { order: null; result: { words: string } };
  /** Takes a codename that was typed. */
  enter: { order: { text: string }; result: null };
  /** Derives the keys of the codename; 5 to 10 seconds where code is not compiled. Progress is 0 to 1. */
  keys: { order: null; result: null };
  /** Makes claim words for the letter with this tip id (16 bytes), and what their keys are made of, 32 bytes. Progress is 0 to 1. */
  claim: { order: { tip: Uint8Array }; result: { words: string; root: Uint8Array } };
  /** Makes the same of claim words that were typed and the salt of a challenge. */
  stretch: { order: { text: string; salt: Uint8Array }; result: Uint8Array };
  look: { order: { file: File }; result: Look };
  clean: { order: { file: File }; result: ArrayBuffer };
  /** Seals; progress is in bytes taken from files. Parts come by themselves; the result is the letter, 65,536 bytes. */
  seal: { order: LetterOrder; result: ArrayBuffer };
  /** The name of the shelf to ask for: as many bits as the key sheet says, none when there is none. */
  shelf: { order: null; result: { name: string } };
  /** Opens what on a shelf is for this codename, signed under any of these rosters, one to a line. Progress counts letters tried. */
  replies: { order: { shelf: ArrayBuffer; root: string; rosters: ArrayBuffer }; result: FoundReplies };
}

export type Task = keyof Tasks;

/** Why the worker refused: the class of the error as a word, its kind, and for a codename or claim words which word, from 1. */
export interface Refusal {
  readonly what: "words" | "roster" | "sheet" | "bundle" | "codename" | "letter" | "look" | "file" | "claim words" | "claims" | "stopped" | "broken";
  readonly kind: string;
  readonly position?: number;
}

export type ToWorker =
  | { [T in Task]: { readonly id: number; readonly task: T; readonly order: Tasks[T]["order"] } }[Task]
  | { readonly id: number; readonly task: "taken" }
  | { readonly id: number; readonly task: "stop" };

export type FromWorker =
  | { readonly id: number; readonly result: Tasks[Task]["result"] }
  | { readonly id: number; readonly refusal: Refusal }
  | { readonly id: number; readonly done: number; readonly of: number }
  | { readonly id: number; readonly part: ArrayBuffer };
