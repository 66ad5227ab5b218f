// Answering an agency's challenge: it is read, what would be signed is shown word for word, claim words sign it.
import { utf8 } from "../core/bytes.ts";
import { openChallenge, statementWords, type Challenge } from "../core/challenge.ts";
import { ClaimError } from "../core/errors.ts";
import { hex } from "../core/encoding.ts";
import { make, pressed } from "../dom.ts";
import { CLAIMS } from "../words/claims.ts";
import type { Language, Sentence, Values } from "../words/say.ts";

/** What shall be signed, and with which words. */
export interface SignOrder {
  /** The challenge as it came. */
  readonly file: Uint8Array;
  readonly challenge: Challenge;
  /** As they were typed. */
  readonly words: string;
  readonly beneficiary: string;
  readonly language: Language;
}

export interface Surroundings {
  /** A sentence, as a text or as a node that follows the language of the page. */
  readonly say: (sentence: Sentence, values?: Values) => Node | string;
  /** Does something now, and again each time the language changes. */
  readonly always: (what: (language: Language) => void) => void;
  readonly language: () => Language;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: () => string;
  /** Makes the sealed answer, 32,768 bytes, in another thread; throws NotSignedError. */
  readonly sign: (order: SignOrder, progress: (done: number) => void, signal: AbortSignal) => Promise<Uint8Array>;
}

/** Nothing was signed: "count", "unknown" (with the word's position) and "check" of claim words, "other", "stopped", "broken". */
export class NotSignedError extends Error {
  readonly kind: string;
  readonly position: string;

  constructor(kind: string, position = "") {
    super(`nothing was signed: ${kind}`);
    this.kind = kind;
    this.position = position;
  }
}

const MOST = 8_192; // bytes of a file that are looked at; a challenge has fewer
const TYPED = { spellcheck: "false", autocomplete: "off", autocapitalize: "none" };

/** The section in which a challenge is read and answered. */
export function answering(around: Surroundings): HTMLElement {
  const { say } = around;
  const file = make("input", { type: "file", id: "challenge-file", autocomplete: "off", accept: ".json,application/json" });
  const text = make("textarea", { id: "challenge", dir: "ltr", ...TYPED });
  const wrong = alertBox(say);
  const place = make("div", {});
  const asking = make(
    "form",
    { autocomplete: "off", novalidate: true },
    make("div", { class: "field" }, make("label", { for: file.id }, say(CLAIMS.file)), file),
    make("div", { class: "field" }, make("label", { for: text.id }, say(CLAIMS.paste), hint(say(CLAIMS.pasteHint))), text),
    wrong.element,
    make("p", {}, make("button", { type: "submit" }, say(CLAIMS.read))),
  );
  file.addEventListener("change", () => {
    text.value = "";
    void read();
  });
  text.addEventListener("input", () => {
    file.value = "";
    place.replaceChildren();
  });
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    void read();
  });
  return make(
    "section",
    { id: "answering" },
    make("h2", {}, say(CLAIMS.title)),
    make("p", { class: "lead" }, say(CLAIMS.lead)),
    make("p", {}, make("strong", {}, say(CLAIMS.risk))),
    asking,
    place,
  );

  async function read(): Promise<void> {
    wrong.say();
    place.replaceChildren();
    try {
      const chosen = file.files?.[0];
      const came = chosen === undefined ? utf8(text.value.trim()) : new Uint8Array(await chosen.slice(0, MOST).arrayBuffer());
      const statement = stating(around, came, openChallenge(came, around.today()));
      place.replaceChildren(statement);
      moveTo(statement);
    } catch (error) {
      wrong.say(error instanceof ClaimError ? (TOLD[error.kind] ?? CLAIMS.malformed) : CLAIMS.malformed);
    }
  }
}

const TOLD: Readonly<Record<string, Sentence>> = { signature: CLAIMS.signature, expired: CLAIMS.expired };
const REFUSED: Readonly<Record<string, Sentence>> = {
  count: CLAIMS.count,
  unknown: CLAIMS.unknown,
  check: CLAIMS.check,
  other: CLAIMS.other,
  expired: CLAIMS.expired,
  stopped: CLAIMS.stopped,
};

/** What is asked, what would be signed, and the claim words that sign it. */
function stating(around: Surroundings, file: Uint8Array, challenge: Challenge): HTMLElement {
  const { say } = around;
  const wrong = alertBox(say);
  const place = make("div", {});
  const beneficiary = make("input", { type: "text", id: "beneficiary", dir: "auto", maxlength: "400", ...TYPED });
  const words = make("input", { type: "text", id: "claim-words", dir: "ltr", ...TYPED });
  const statement = make("p", { class: "text", id: "statement" });
  const show = (): void => {
    wrong.say();
    statement.lang = around.language();
    try {
      statement.textContent = statementWords(challenge, beneficiary.value.trim(), around.language()).trim();
    } catch {
      statement.textContent = "";
      wrong.say(CLAIMS.long);
    }
  };
  beneficiary.addEventListener("input", show);
  around.always(show);
  const form = make(
    "form",
    { autocomplete: "off", novalidate: true },
    make("div", { class: "field" }, make("label", { for: beneficiary.id }, say(CLAIMS.beneficiary), hint(say(CLAIMS.beneficiaryHint))), beneficiary),
    make("p", {}, make("strong", {}, say(CLAIMS.statement))),
    make("div", { class: "letter" }, statement),
    make("div", { class: "field" }, make("label", { for: words.id }, say(CLAIMS.typed), hint(say(CLAIMS.typedHint))), words),
    wrong.element,
    make("p", {}, make("button", { type: "submit" }, say(CLAIMS.sign))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void sign();
  });
  const section = make("section", { "data-asked": true }, ...asked(around, challenge), form, place);
  return section;

  async function sign(): Promise<void> {
    show();
    if (statement.textContent === "") return;
    const order = { file, challenge, words: words.value, beneficiary: beneficiary.value.trim(), language: around.language() };
    form.hidden = true;
    try {
      const done = signed(say, await signing(around, place, order));
      section.replaceChildren(done);
      moveTo(done);
    } catch (error) {
      const { kind, position } = error instanceof NotSignedError ? error : new NotSignedError("broken");
      wrong.say(REFUSED[kind] ?? CLAIMS.broken, { position });
    } finally {
      form.hidden = false;
    }
  }
}

function asked({ say }: Surroundings, challenge: Challenge): readonly HTMLElement[] {
  const row = (title: Sentence, value: string): HTMLElement => make("div", {}, make("dt", {}, say(title)), make("dd", { dir: "auto" }, value));
  const groups = hex(challenge.office).replace(/.{8}(?=.)/g, "$& ");
  return [
    make("h3", {}, say(CLAIMS.asks)),
    make(
      "dl",
      {},
      row(CLAIMS.agency, challenge.agency),
      row(CLAIMS.programme, challenge.programme),
      row(CLAIMS.case, challenge.case),
      row(CLAIMS.expires, challenge.expires),
    ),
    make("p", {}, make("strong", {}, say(CLAIMS.key))),
    make("p", { class: "code", id: "agency-key", dir: "ltr" }, groups),
    make("p", {}, say(CLAIMS.compare)),
    ...(challenge.knownToIntake ? [make("p", { class: "note" }, say(CLAIMS.onArrival))] : []),
  ];
}

/** Has the answer made, and shows in `place` how far it is. */
async function signing({ say, sign }: Surroundings, place: HTMLElement, order: SignOrder): Promise<Uint8Array> {
  const bar = make("progress", { max: "1", value: "0" });
  const stop = make("button", { type: "button", class: "quiet" }, say(CLAIMS.stop));
  const stopping = new AbortController();
  pressed(stop, () => stopping.abort());
  place.replaceChildren(make("p", { role: "status" }, say(CLAIMS.signing)), bar, make("p", {}, stop));
  stop.focus();
  try {
    return await sign(order, (done) => (bar.value = done), stopping.signal);
  } finally {
    place.replaceChildren();
  }
}

function signed(say: Surroundings["say"], answer: Uint8Array): HTMLElement {
  const href = URL.createObjectURL(new Blob([answer as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }));
  return make(
    "section",
    { id: "answered" },
    make("h3", {}, say(CLAIMS.done)),
    make("p", {}, say(CLAIMS.doneWhat)),
    make("p", {}, make("a", { class: "button", id: "save-answer", href, download: "answer.age" }, say(CLAIMS.save))),
  );
}

function hint(words: Node | string): HTMLElement {
  return make("span", { class: "hint" }, words);
}

function alertBox(say: Surroundings["say"]): { readonly element: HTMLElement; readonly say: (what?: Sentence, values?: Values) => void } {
  const element = make("div", { class: "note urgent", role: "alert", hidden: true });
  return {
    element,
    say: (what, values) => {
      element.hidden = what === undefined;
      element.replaceChildren(...(what === undefined ? [] : [make("p", {}, make("strong", {}, say(what, values)))]));
    },
  };
}

function moveTo(section: HTMLElement): void {
  const heading = section.querySelector("h3");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
