// What every part of the page has at hand.
import type { Roster } from "../core/roster.ts";
import type { KeySheet } from "../core/sheet.ts";
import { make } from "../dom.ts";
import type { Word } from "../words/offline.ts";
import type { Instance } from "./instance.ts";
import type { Jobs } from "./jobs.ts";
import type { Teller, Told } from "./teller.ts";

/** A key sheet that was opened, with its envelope for the other thread. */
export interface OpenedSheet {
  readonly sheet: KeySheet;
  readonly envelope: Uint8Array;
}

export interface Desk {
  readonly teller: Teller;
  readonly jobs: Jobs;
  readonly instance: Instance;
  /** As it stands in this file, opened; it may have ended since. */
  readonly roster: Roster;
  /** The key sheet in force that was opened last, if any. */
  sheet: OpenedSheet | undefined;
}

/** Something that the person can put right; the page says what. */
export class WrongError extends Error {
  readonly word: Word;
  readonly values: Told;

  constructor(word: Word, values: Told = {}) {
    super(word);
    this.word = word;
    this.values = values;
  }
}

/** A box that says what is wrong, read aloud when it fills. */
export function alertBox(teller: Teller): { readonly element: HTMLElement; readonly say: (word?: Word, values?: Told) => void } {
  const element = make("div", { class: "note urgent", role: "alert", hidden: true });
  return {
    element,
    say: (word, values) => {
      element.hidden = word === undefined;
      element.replaceChildren(...(word === undefined ? [] : [make("p", {}, make("strong", {}, teller.word(word, values)))]));
    },
  };
}
