// Where the claims' script starts. The page's script loads it when a source asks for it, and only with the hash that it has
// built in; what it exports becomes `lapwingClaims`. It runs beside the page, since browsers check no worker by its hash.
import { answer } from "../core/challenge.ts";
import { claimKeys } from "../core/claim.ts";
import type { Claims, Stretch } from "../page/claims.ts";
import { speaker, type Language } from "../words/say.ts";
import { answering, NotSignedError, type SignOrder } from "./answering.ts";

export const commitment: Claims["commitment"] = (root) => claimKeys(root).commitment;

export const answerPart: Claims["answerPart"] = (language, today, stretch) => {
  return answering({
    say: speaker(language),
    always: (what: (language: Language) => void) => what(language),
    language: () => language,
    today,
    sign: (order, progress, signal) => sign(order, stretch, progress, signal),
  });
};

async function sign(
  { challenge, words, beneficiary, language }: SignOrder,
  stretch: Stretch,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const root = await stretch(words, challenge.salt, progress, signal);
  if (!(root instanceof Uint8Array)) throw new NotSignedError(root.kind, root.position);
  const keys = claimKeys(root);
  // Told here, where it is known; a fault of ours in what follows is told as such.
  if (keys.commitment.some((byte, at) => byte !== challenge.digest[at])) throw new NotSignedError("other");
  return answer(challenge, beneficiary, language, keys);
}
