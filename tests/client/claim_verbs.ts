import { readFileSync } from "node:fs";

import { deriveClaim } from "../../submission/client/src/core/claim.ts";
import {
  claimSalt,
  type ClaimWords,
  newClaimWords,
  parseClaimWords,
  showClaimWords,
} from "../../submission/client/src/core/claimwords.ts";
import { answer, openChallenge, statementWords } from "../../submission/client/src/core/challenge.ts";
import { WordList } from "../../submission/client/src/core/codename.ts";
import { base64Of, type Task, type Verb } from "./task.ts";

function list(task: Task): WordList {
  return WordList.parse(new Uint8Array(readFileSync(task.text("words"))));
}

function positions(task: Task): ClaimWords {
  return task.list("indices").map(Number);
}

/** The public keys of claim words, their commitment, both signatures of a message, and how often progress was told. */
async function derive(task: Task): Promise<object> {
  const told: number[] = [];
  const keys = await deriveClaim(positions(task), task.bytes("salt"), (done) => told.push(done));
  const signed = keys.sign(task.bytes("message"));
  return {
    ed25519: base64Of(keys.ed25519),
    ml_dsa: base64Of(keys.mlDsa),
    commitment: base64Of(keys.commitment),
    signatures: [base64Of(signed.ed25519), base64Of(signed.mlDsa)],
    told: { times: told.length, rises: told.every((one, at) => one >= (told[at - 1] ?? 0)), last: told.at(-1) },
  };
}

function challenge(task: Task): object {
  const found = openChallenge(task.bytes("challenge"), task.text("today"));
  return {
    office: base64Of(found.office),
    digest: base64Of(found.digest),
    salt: base64Of(found.salt),
    known_to_intake: found.knownToIntake,
    expires: found.expires,
    words: (["en", "fr"] as const).map((language) => statementWords(found, task.text("beneficiary"), language)),
  };
}

async function sign(task: Task): Promise<string> {
  const found = openChallenge(task.bytes("challenge"), task.text("today"));
  const keys = await deriveClaim(positions(task), found.salt);
  return base64Of(answer(found, task.text("beneficiary"), task.text("language") === "fr" ? "fr" : "en", keys));
}

export const claimVerbs: Readonly<Record<string, Verb>> = {
  new_claim: () => newClaimWords(),
  parse_claim: (task) => parseClaimWords(task.text("text"), list(task)),
  show_claim: (task) => showClaimWords(positions(task), list(task)),
  claim_salt: (task) => base64Of(claimSalt(task.bytes("instance"), task.bytes("tip"))),
  derive_claim: derive,
  claim_challenge: challenge,
  sign_claim: sign,
};
