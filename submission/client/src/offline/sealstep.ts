// From a filled-in form to letter.age: how far the sealing is, how to end it, and what comes next.
import { showCodename, type Codename, type CodenameKeys } from "../core/codename.ts";
import { newClaimWords, showClaimWords, type ClaimWords } from "../core/claimwords.ts";
import { make, pressed, show } from "../dom.ts";
import { CLAIMS } from "../words/claims.ts";
import type { Word } from "../words/offline.ts";
import { OFFLINE } from "../words/offline.ts";
import { bytes, count, speaker } from "../words/say.ts";
import { inWords, lastDay, today } from "./days.ts";
import { WrongError, type alertBox, type Desk, type OpenedSheet } from "./desk.ts";
import type { Draft, Form } from "./form.ts";
import { TaskError, type Run } from "./jobs.ts";
import type { CommitTask } from "./tasks.ts";
import type { Teller } from "./teller.ts";

const TIP_SIZE = 16; // bytes

const FAILURES: Readonly<Record<string, Word>> = {
  read: "wrongRead",
  clean: "wrongClean",
  too_much: "wrongMuch",
  expired: "sheetExpired",
  sheet: "sheetRoster",
};

/** Whose letter it is. */
export interface Writer {
  readonly codename: Codename;
  readonly keys: CodenameKeys;
  /** 1 for a new tip. */
  readonly number: number;
}

/** Where a form stands: its section, the place for the progress below it, and the place to say what is wrong. */
export interface Places {
  readonly section: HTMLElement;
  readonly form: Form;
  readonly place: HTMLElement;
  readonly wrong: ReturnType<typeof alertBox>;
}

/** Seals what a form holds, which is out of sight meanwhile; what comes next takes the place of its section. */
export async function sealForm(desk: Desk, { section, form, place, wrong }: Places, writing: () => Promise<Writer>): Promise<void> {
  wrong.say();
  try {
    const draft = form.draft();
    const opened = desk.sheet;
    if (opened === undefined) throw new WrongError("againNoSheet");
    form.element.hidden = true;
    const writer = await writing();
    const claim = draft.wantsClaim ? newClaimWords() : undefined;
    const letter = await sealLetter(desk, place, opened, writer, draft, claim);
    if (letter === undefined) return;
    const next = finished(desk, letter, opened, writer, draft.notTo, claim);
    section.replaceWith(next);
    show(next);
  } catch (error) {
    if (error instanceof WrongError) wrong.say(error.word, error.values);
    else wrong.say("wrongBroken");
  } finally {
    form.element.hidden = false;
  }
}

/** Shows progress in `place` until the letter is sealed; undefined when the person cancelled. Throws WrongError. */
async function sealLetter(
  desk: Desk,
  place: HTMLElement,
  opened: OpenedSheet,
  writer: Writer,
  { wantsClaim: _, ...draft }: Draft,
  words: ClaimWords | undefined,
): Promise<Blob | undefined> {
  const { instance, roster, teller } = desk;
  const tip = crypto.getRandomValues(new Uint8Array(TIP_SIZE));
  const { keys, number } = writer;
  const stop = new AbortController();
  try {
    const claim = words && (await committed(desk, place, stop, { words, instance: roster.instance, tip }));
    const run = shown(desk, place, stop, teller.word("sealing"));
    const { root, roster: envelope } = instance;
    const signed = { root, roster: envelope, sheet: opened.envelope, today: today() };
    return await desk.jobs({ kind: "seal", ...signed, ...draft, tip, claim, keys, number, language: teller.language() }, run);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    if (error.kind === "cancelled") return undefined;
    const day = today();
    throw new WrongError(FAILURES[error.kind] ?? "wrongBroken", (to) => ({ today: inWords(to, day) }));
  } finally {
    place.replaceChildren();
  }
}

/** Makes the commitment to claim words, and says so meanwhile. */
function committed(desk: Desk, place: HTMLElement, stop: AbortController, of: Omit<CommitTask, "kind">): Promise<Uint8Array> {
  const bar = make("progress", { max: "1", value: "0" });
  const { signal } = shown(desk, place, stop, desk.teller.say(CLAIMS.making), bar);
  return desk.jobs({ kind: "commit", ...of }, { signal, progress: (done) => (bar.value = done) });
}

/** Shows that something is under way, with a button that ends it: a bar of its own, or one that counts bytes. */
function shown(desk: Desk, place: HTMLElement, stop: AbortController, words: Node, own?: HTMLElement): Run & { readonly signal: AbortSignal } {
  const bar = progressBar(desk);
  const cancel = make("button", { type: "button", class: "quiet" }, desk.teller.word("cancel"));
  pressed(cancel, () => stop.abort());
  place.replaceChildren(make("p", { role: "status" }, words), own ?? bar.element, make("p", {}, cancel));
  cancel.focus();
  return { progress: bar.tell, signal: stop.signal };
}

function progressBar({ teller }: Desk): { readonly element: HTMLElement; readonly tell: (done: number, all: number) => void } {
  const bar = make("progress", { max: "1" });
  const words = make("p", { class: "soft" });
  const began = performance.now();
  const tell = (done: number, all: number): void => {
    if (all === 0) return;
    bar.value = done / all;
    const language = teller.language();
    const say = speaker(language);
    const left = ((performance.now() - began) / 1000) * (all / done - 1);
    const seconds = done === 0 ? "" : ` · ${say(OFFLINE.left, { seconds: count(language, Math.ceil(left)) })}`;
    words.textContent = `${say(OFFLINE.sealed, { done: bytes(language, done), all: bytes(language, all) })}${seconds}`;
  };
  return { element: make("div", {}, bar, words), tell };
}

/** The section after sealing: save, hand in, delete. */
function finished(
  desk: Desk,
  letter: Blob,
  opened: OpenedSheet,
  writer: Writer,
  notTo: readonly string[],
  claim: ClaimWords | undefined,
): HTMLElement {
  const { teller, roster, instance } = desk;
  const readers = roster.reviewers.filter(({ id }) => !notTo.includes(id));
  const last = lastDay(opened.sheet.week);
  const address = URL.createObjectURL(letter);
  const save = make(
    "a",
    { class: "button", id: "save", href: address, download: "letter.age" },
    teller.word("save", (to) => ({ size: bytes(to, letter.size) })),
  );
  const steps = [
    ...(writer.number === 1 ? [teller.word("nextCodename")] : []),
    teller.word("nextClose"),
    teller.word("nextHand", (to) => ({ last: inWords(to, last) })),
    teller.word("nextDelete"),
    teller.word("nextReplies"),
  ];
  return make(
    "section",
    { id: "done" },
    make("h2", {}, teller.word("doneTitle")),
    make("p", {}, teller.word("doneLead")),
    make("ul", {}, ...readers.map(({ label }) => make("li", { dir: "auto" }, label))),
    make("p", {}, save),
    ...(writer.number === 1 ? [codenameBox(desk, showCodename(writer.codename, instance.list))] : []),
    ...(claim === undefined ? [] : [claimBox(teller, showClaimWords(claim, instance.list))]),
    make("h3", {}, teller.word("nextTitle")),
    make("ol", {}, ...steps.map((step) => make("li", {}, step))),
  );
}

/** The eight words, with what to do with them. */
export function codenameBox({ teller }: Desk, words: string): HTMLElement {
  return make(
    "div",
    { class: "codename" },
    make("p", {}, teller.word("codenameTitle")),
    make("p", { class: "words", lang: "en" }, words),
    make("p", {}, teller.word("codenameWrite")),
  );
}

/** The four words and their number, shown this once. */
function claimBox({ say }: Teller, words: string): HTMLElement {
  return make(
    "div",
    { class: "codename", id: "claim-words-made" },
    make("p", {}, say(CLAIMS.words)),
    make("p", { class: "words", lang: "en" }, words),
    make("p", {}, say(CLAIMS.wordsWrite)),
  );
}
