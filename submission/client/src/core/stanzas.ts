/** The header of what is sealed to a key sheet: how many stanzas, in which order, and which names the sheet; as wire/stanzas.py. */

import { LetterError } from "./errors.ts";
import { identityFromSeed } from "./hybrid.ts";
import { Sealer, unpadded, type Stanza } from "./seal.ts";
import type { KeySheet } from "./sheet.ts";

const STEP = 4; // the number of recipients is a multiple of it, so that it does not tell whether someone was left out

/**
 * Begins a file to everybody on a key sheet but those left out, with recipients drawn and shuffled anew: a writer must not
 * use them twice. Throws `LetterError` ("sheet") if who is left out is not on it, or nobody remains.
 */
export function sealerTo(sheet: KeySheet, notTo: readonly string[]): Sealer {
  return new Sealer(shuffled(recipientsFor(sheet, notTo)), [sheetStanza(sheet)]);
}

/** Throws `LetterError` ("sheet") unless all who are left out are on the sheet and somebody remains. */
export function checkLeftOut(sheet: KeySheet, notTo: readonly string[]): void {
  const kept = sheet.keys.filter(({ reviewer }) => !notTo.includes(reviewer)).length;
  if (kept + new Set(notTo).size !== sheet.keys.length || kept === 0) {
    throw new LetterError("letter: a reviewer to leave out is not on the key sheet, or nobody is left", "sheet");
  }
}

/** Returns the same in an order that is drawn evenly from all there are; for at most 256 things. */
export function shuffled<T>(things: readonly T[]): T[] {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

function recipientsFor(sheet: KeySheet, notTo: readonly string[]): readonly Uint8Array[] {
  checkLeftOut(sheet, notTo);
  const recipients = sheet.keys.filter(({ reviewer }) => !notTo.includes(reviewer)).map(({ recipient }) => recipient);
  const count = Math.ceil(sheet.keys.length / STEP) * STEP;
  // Whoever is left out is replaced by a key that nobody has.
  while (recipients.length < count) recipients.push(identityFromSeed(crypto.getRandomValues(new Uint8Array(32))).recipient);
  return recipients;
}

function sheetStanza(sheet: KeySheet): Stanza {
  return { args: ["lapwing-sheet", sheet.week, unpadded(sheet.digest)], body: new Uint8Array(0) };
}

/** An even draw from 0 to `count` - 1, `count` being at most 256. */
function below(count: number): number {
  const byte = new Uint8Array(1);
  // The remainder alone would favour small numbers: what lies above the last whole multiple is drawn again.
  do crypto.getRandomValues(byte);
  while (byte[0]! >= 256 - (256 % count));
  return byte[0]! % count;
}
