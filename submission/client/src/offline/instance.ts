// What stands in the file itself: the organisation's root and roster, and the word list of codenames.
import { WordList } from "../core/codename.ts";
import { parse, unhex, utf8 } from "../core/encoding.ts";

/** A roster that has ended still tells who wrote a reply in its time: for that it is opened as on a day before every end. */
export const BEFORE_EVERY_END = "0001-01-01";

const MOST = 1 << 20; // bytes of root and roster

export interface Instance {
  /** Ed25519 public key of the root, 32 bytes. */
  readonly root: Uint8Array;
  /** The roster's envelope, as it was signed; not trusted before openRoster. */
  readonly roster: Uint8Array;
  readonly list: WordList;
}

/** Reads the data of this page. Throws LapwingError when it is damaged, the word list by its hash. */
export function readInstance(): Instance {
  const fields = parse(utf8(textOf("roster")), MOST, "sealer");
  const root = unhex(fields.text("root", 64, 64));
  const roster = utf8(fields.text("roster", MOST));
  fields.end();
  return { root, roster, list: WordList.parse(utf8(textOf("words"))) };
}

function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}
