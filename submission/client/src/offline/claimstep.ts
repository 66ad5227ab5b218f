// Answering an agency's challenge in the offline sealer: the other thread makes the keys again, signs and seals.
import { answering, NotSignedError, type SignOrder } from "../claims/answering.ts";
import { parseClaimWords } from "../core/claimwords.ts";
import { ClaimWordsError } from "../core/errors.ts";
import { today } from "./days.ts";
import type { Desk } from "./desk.ts";
import { TaskError } from "./jobs.ts";

/** The section for whoever was asked for proof; it needs neither a key sheet nor a codename. */
export function claimStep(desk: Desk): HTMLElement {
  const { say, always, language } = desk.teller;
  return answering({ say, always, language, today, sign: (...order) => sign(desk, ...order) });
}

async function sign(
  { jobs, instance }: Desk,
  { file, words: typed, beneficiary, language }: SignOrder,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const words = parseClaimWords(typed, instance.list);
    const task = { kind: "answer", words, challenge: file, today: today(), beneficiary, language } as const;
    return await jobs(task, { progress, signal });
  } catch (error) {
    if (error instanceof ClaimWordsError) throw new NotSignedError(error.kind, String(error.position ?? ""));
    if (!(error instanceof TaskError)) throw error;
    throw new NotSignedError(error.kind === "cancelled" ? "stopped" : error.kind);
  }
}
