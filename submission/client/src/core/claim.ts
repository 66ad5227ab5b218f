/**
 * Claims: the two signing keys that follow from stretched claim words, and the commitment to them that a tip carries; as
 * crypto/claim.py. The words stand apart, in claimwords.ts, since the page's script has them and not this.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

import { concat, utf8 } from "./bytes.ts";
import { stretchClaim, type ClaimWords } from "./claimwords.ts";
import { LABEL } from "./codename.ts";

/** The keys of a claim. All of it is secret but `ed25519`, `mlDsa` and `commitment`. */
export interface ClaimKeys {
  /** Public key, 32 bytes. */
  readonly ed25519: Uint8Array;
  /** Public key of ML-DSA-65, 1,952 bytes. */
  readonly mlDsa: Uint8Array;
  /** What the letter carries, 32 bytes. */
  readonly commitment: Uint8Array;
  /** Both signatures of a message: 64 bytes, and 3,309 which are others each time. One alone proves nothing. */
  readonly sign: (message: Uint8Array) => { readonly ed25519: Uint8Array; readonly mlDsa: Uint8Array };
}

/** The keys that follow from a root, 32 bytes, as `stretchClaim` makes it: one HKDF-SHA-256 expansion for each. */
export function claimKeys(root: Uint8Array): ClaimKeys {
  const seed = (label: string): Uint8Array => expand(sha256, root, utf8(LABEL + label), 32);
  const classic = seed("claim ed25519");
  const postQuantum = ml_dsa65.keygen(seed("claim ml-dsa-65"));
  const publicKey = ed25519.getPublicKey(classic);
  return {
    ed25519: publicKey,
    mlDsa: postQuantum.publicKey,
    commitment: sha256(concat(utf8(`${LABEL}claim commitment`), publicKey, postQuantum.publicKey)),
    sign: (message) => ({
      ed25519: ed25519.sign(message, classic),
      mlDsa: ml_dsa65.sign(message, postQuantum.secretKey),
    }),
  };
}

/** The keys of claim words for one tip; takes and throws what `stretchClaim` does. */
export async function deriveClaim(
  words: ClaimWords,
  salt: Uint8Array,
  progress: (done: number) => void = () => undefined,
): Promise<ClaimKeys> {
  return claimKeys(await stretchClaim(words, salt, progress));
}
