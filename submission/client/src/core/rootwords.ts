import { digestOf } from "./digest.ts";
import { concat, utf8 } from "./encoding.ts";
import type { WordList } from "./codename.ts";

const WORDS = 10; // 129 bits; and nobody takes them for a codename, which has eight
const CONTEXT = "lapwing/v1/root words";

/** The ten words of a root key (32 bytes), for comparison with what is published elsewhere; as wire/root_words.py. They are no secret. */
export function rootWords(root: Uint8Array, list: WordList): readonly string[] {
  const digest = digestOf(concat(utf8(CONTEXT), root));
  let value = digest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = BigInt(list.words.length);
  return Array.from({ length: WORDS }, () => {
    const word = list.words[Number(value % size)] ?? "";
    value /= size;
    return word;
  });
}
