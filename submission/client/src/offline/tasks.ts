// What the page asks of its worker, and what comes back. All of it can be copied from one thread to the other.
import type { Codename, CodenameKeys } from "../core/codename.ts";
import type { ClaimWords } from "../core/claimwords.ts";
import type { Mailbox } from "../core/replies.ts";
import type { LetterOrder } from "../enclosures/sealing.ts";
import type { Look } from "../look/finding.ts";
import type { Language } from "../words/say.ts";

/** What the organisation is, for a thread that trusts no other: envelopes are opened again there. */
export interface Signed {
  readonly root: Uint8Array;
  readonly roster: Uint8Array;
}

export interface DeriveTask {
  readonly kind: "derive";
  readonly codename: Codename;
  readonly instance: Uint8Array;
}

/** Makes the commitment to claim words that the letter with this tip id shall carry. */
export interface CommitTask {
  readonly kind: "commit";
  readonly words: ClaimWords;
  readonly instance: Uint8Array;
  /** 16 bytes. */
  readonly tip: Uint8Array;
}

/** Signs what answers a challenge, and seals it to the agency. */
export interface AnswerTask {
  readonly kind: "answer";
  readonly words: ClaimWords;
  /** As it came; it is opened again there. */
  readonly challenge: Uint8Array;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
  readonly beneficiary: string;
  readonly language: Language;
}

/** The worker seals before the source comes. */
export interface SealTask extends Signed, Omit<LetterOrder, "sealed"> {
  readonly kind: "seal";
  /** The key sheet's envelope. */
  readonly sheet: Uint8Array;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
  readonly keys: CodenameKeys;
}

export interface LookTask {
  readonly kind: "look";
  readonly file: File;
}

export interface RepliesTask extends Signed {
  readonly kind: "replies";
  readonly keys: CodenameKeys;
  readonly shelf: Blob;
}

export type Task = DeriveTask | CommitTask | LookTask | SealTask | RepliesTask | AnswerTask;

/** What each task gives: keys; a commitment, 32 bytes; what a file tells; the letter with its parts, one file; replies; an answer, 32,768 bytes. */
export interface Results {
  readonly derive: CodenameKeys;
  readonly commit: Uint8Array;
  readonly look: Look;
  readonly seal: Blob;
  readonly replies: Mailbox;
  readonly answer: Uint8Array;
}

/** Why a task ended without a result: a kind of LapwingError; "read", a file could not be read; "clean", not cleaned; "broken", anything else. */
export type Message =
  | { readonly done: number; readonly all: number }
  | { readonly result: Results[keyof Results] }
  | { readonly failed: string };
