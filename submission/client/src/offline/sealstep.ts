// From a filled-in form to letter.age: how far the sealing is, how to end it, and what comes next.
import { showCodename, type Codename, type CodenameKeys } from "../core/codename.ts";
import { make, pressed, show } from "../dom.ts";
import type { Word } from "../words/offline.ts";
import { OFFLINE } from "../words/offline.ts";
import { bytes, count, speaker } from "../words/say.ts";
import { inWords, lastDay, today } from "./days.ts";
import { WrongError, type alertBox, type Desk, type OpenedSheet } from "./desk.ts";
import type { Draft, Form } from "./form.ts";
import { TaskError } from "./jobs.ts";

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
    const letter = await sealLetter(desk, place, opened, writer, draft);
    if (letter === undefined) return;
    const next = finished(desk, letter, opened, writer, draft.notTo);
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
async function sealLetter(desk: Desk, place: HTMLElement, opened: OpenedSheet, writer: Writer, draft: Draft): Promise<Blob | undefined> {
  const { instance, teller } = desk;
  const bar = progressBar(desk);
  const cancel = make("button", { type: "button", class: "quiet" }, teller.word("cancel"));
  const stop = new AbortController();
  pressed(cancel, () => stop.abort());
  place.replaceChildren(make("p", { role: "status" }, teller.word("sealing")), bar.element, make("p", {}, cancel));
  cancel.focus();
  try {
    return await desk.jobs(
      {
        kind: "seal",
        root: instance.root,
        roster: instance.roster,
        sheet: opened.envelope,
        today: today(),
        keys: writer.keys,
        number: writer.number,
        language: teller.language(),
        ...draft,
      },
      { progress: bar.tell, signal: stop.signal },
    );
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    if (error.kind === "cancelled") return undefined;
    const day = today();
    throw new WrongError(FAILURES[error.kind] ?? "wrongBroken", (to) => ({ today: inWords(to, day) }));
  } finally {
    place.replaceChildren();
  }
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
function finished(desk: Desk, letter: Blob, opened: OpenedSheet, writer: Writer, notTo: readonly string[]): HTMLElement {
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
