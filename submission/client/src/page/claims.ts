// Claim words of a letter. Words and stretching are the worker's; what makes keys of them is in a script of its own, which
// comes only when it is asked for. This script vouches for that one: it takes no other than the one it was built with.
import { found, make, moveTo, pressed } from "../dom.ts";
import { PAGE } from "../words/page.ts";
import type { Language } from "../words/say.ts";
import { explain, today, type Surface } from "./surface.ts";
import { RefusedError, type Workshop } from "./workshop.ts";

/** Hash of the claims' script as an element names it, `sha256-…`; build.mjs puts it in. */
declare const CLAIMS_HASH: string;

/** Stretches typed claim words in the worker: the root of their keys, 32 bytes, or why there is none. */
export type Stretch = (
  words: string,
  salt: Uint8Array,
  progress: (done: number) => void,
  signal: AbortSignal,
) => Promise<Uint8Array | { readonly kind: string; readonly position: string }>;

/** What the claims' script can do. */
export interface Claims {
  /** What a letter carries, 32 bytes, of the root of a claim's keys. */
  readonly commitment: (root: Uint8Array) => Uint8Array;
  /** The part of a page in which an agency is answered. */
  readonly answerPart: (language: Language, today: () => string, stretch: Stretch) => HTMLElement;
}

/** Claim words as they are shown, and the commitment to their keys, 32 bytes. */
export interface Claim {
  readonly words: string;
  readonly commitment: Uint8Array;
}

let loading: Promise<Claims> | undefined;

/** Loads the claims' script, once. Throws RefusedError when it does not come, or is another one. */
function loadClaims(): Promise<Claims> {
  loading ??= new Promise<Claims>((resolve, reject) => {
    const script = make("script", { src: "/claim.js", integrity: CLAIMS_HASH });
    const refuse = (): void => {
      script.remove();
      loading = undefined;
      reject(new RefusedError({ what: "claims", kind: "missing" }));
    };
    script.addEventListener("error", refuse);
    script.addEventListener("load", () => {
      const { lapwingClaims } = globalThis as { readonly lapwingClaims?: Claims };
      if (lapwingClaims === undefined) refuse();
      else resolve(lapwingClaims);
    });
    document.head.append(script);
  });
  return loading;
}

/**
 * Lets the source of a form choose claim words. They are made as soon as that is chosen, once for the letter.
 *
 * @param keys ends when the codename's keys are made: both at the same time would take the memory of both
 * @param tip of the letter, 16 bytes
 * @returns what gives the claim when the form is sent; undefined if none is wanted. It throws what went wrong.
 */
export function offerClaim(
  { say, workshop }: Surface,
  form: HTMLFormElement,
  keys: () => Promise<void>,
  tip: Uint8Array,
): () => Promise<Claim | undefined> {
  const box = form.querySelector("[data-claim] input");
  const state = form.querySelector("[data-claim] [role=status]");
  if (!(box instanceof HTMLInputElement) || state === null) return async () => undefined;
  let making: Promise<Claim> | undefined;
  const prepare = async (): Promise<Claim> => {
    try {
      const progress = make("progress", { max: "1", value: "0" });
      state.replaceChildren(make("label", {}, say(PAGE.claimBar), progress));
      const [claims] = await Promise.all([loadClaims(), keys()]);
      const { words, root } = await workshop.ask("claim", { tip }, { progress: (done) => (progress.value = done) });
      const commitment = claims.commitment(root);
      state.replaceChildren(say(PAGE.claimReady));
      return { words, commitment };
    } catch (error) {
      making = undefined;
      state.replaceChildren(make("strong", {}, `${say(PAGE.claimFailed)} ${explain(say, error)}`));
      throw error;
    }
  };
  const made = async (): Promise<Claim | undefined> => (box.checked ? (making ??= prepare()) : undefined);
  // What goes wrong is told there, and again to whoever sends the form.
  box.addEventListener("change", () => void made().catch(() => undefined));
  return made;
}

/** Puts the part in which an agency is answered in the place of `start`, when its button is pressed. */
export function offerAnswering({ say, language, workshop }: Surface, start: HTMLElement): void {
  pressed(found(start, "button", HTMLButtonElement), () => {
    loadClaims().then(
      (claims) => {
        const part = claims.answerPart(language, today, (...order) => stretch(workshop, ...order));
        start.replaceWith(part);
        moveTo(found(part, "h2", HTMLElement));
      },
      (error: unknown) => start.append(make("p", { role: "alert" }, make("strong", {}, explain(say, error)))),
    );
  });
}

async function stretch({ ask }: Workshop, ...[text, salt, progress, signal]: Parameters<Stretch>): ReturnType<Stretch> {
  try {
    return await ask("stretch", { text, salt }, { progress, signal });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { what, kind, position } = error.refusal;
    return { kind: what === "claim words" ? kind : what, position: String(position ?? "") };
  }
}
