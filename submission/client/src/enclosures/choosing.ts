// A file that was chosen, as a page lists it: what it tells, and the choice of what shall be sealed of it.
import { make } from "../dom.ts";
import { neutralName } from "../look/filename.ts";
import type { Look } from "../look/finding.ts";
import { FILES } from "../words/files.ts";
import { FINDINGS, LOSSES, UNSEEN, WHY_NOT } from "../words/look.ts";
import type { Sentence, Values } from "../words/say.ts";
import type { Enclosure } from "./sealing.ts";

/** Files of one letter. */
export const MOST_FILES = 100;

/** What shall be sealed of a file. */
type Choice = "clean" | "original" | "both" | "none";

/** What a list of files needs from the page around it. */
export interface Around {
  /** A sentence, as a text or as a node that follows the language of the page. */
  readonly say: (sentence: Sentence, values?: Values) => Node | string;
  /** The question what shall be sealed of a file. */
  readonly question: Sentence;
  /** How large a file is, in words. */
  readonly size: (file: File) => Node | string;
  /** Looks into a file on the device; may throw anything. */
  readonly look: (file: File) => Promise<Look>;
}

/** One file of the list. */
export interface Entry {
  readonly file: File;
  readonly element: HTMLElement;
  /** Whether it is looked into no more. */
  readonly looked: () => boolean;
  /** Whether the original alone was chosen. */
  readonly asItIs: () => boolean;
  /** What was chosen; undefined while that is open. */
  readonly chosen: () => readonly Enclosure[] | undefined;
}

let groups = 0;

/** Lists a file, the `number`th of its letter from 1, and looks into it. */
export function entryOf(file: File, number: number, around: Around): Entry {
  const report = make("div", {}, make("p", { class: "soft" }, around.say(FILES.looking)));
  const name = make("p", {}, make("strong", { dir: "auto" }, file.name), " ", make("span", { class: "soft" }, around.size(file)));
  const group = `file-${++groups}`;
  let looked = false;
  let cleanName = "";
  const show = (look: Look | undefined): void => {
    looked = true;
    cleanName = neutralName(look?.kind ?? "unknown", number);
    report.replaceChildren(...describe(look, around), choices(file, look, cleanName, group, around));
  };
  around.look(file).then(show, () => show(undefined));
  const choice = (): Choice | undefined =>
    report.querySelector<HTMLInputElement>("input[type=radio]:checked")?.value as Choice | undefined;
  const chosen = (): readonly Enclosure[] | undefined => {
    const original: Enclosure = { file, name: file.name, type: file.type, clean: false };
    const clean: Enclosure = { ...original, name: cleanName, clean: true };
    const made = choice();
    return made && { clean: [clean], original: [original], both: [clean, original], none: [] }[made];
  };
  const element = make("div", { class: "file" }, name, report);
  return { file, element, looked: () => looked, asItIs: () => choice() === "original", chosen };
}

/** What was found, and what cannot be found. */
function describe(look: Look | undefined, { say }: Around): readonly Node[] {
  if (look === undefined) return [make("p", {}, say(FILES.failed))];
  const lines = look.findings.map(({ kind, value }) =>
    make("li", {}, say(FINDINGS[kind]), ...(value === undefined ? [] : [": ", make("span", { dir: "auto" }, value)])),
  );
  const list = (title: Sentence, sentences: readonly Sentence[]): readonly Node[] =>
    sentences.length === 0 ? [] : [make("p", { class: "soft" }, say(title), ...sentences.flatMap((one) => [" ", say(one)]))];
  return [
    ...(look.whyNot === undefined ? [] : [make("p", {}, say(WHY_NOT[look.whyNot]))]),
    ...(lines.length > 0 ? [make("p", {}, say(FILES.shows)), make("ul", {}, ...lines)] : []),
    ...(lines.length === 0 && look.canClean ? [make("p", {}, say(FILES.nothing))] : []),
    ...list(FILES.unseen, look.cannotSee.map((one) => UNSEEN[one])),
    ...list(FILES.loses, look.canClean ? look.loses.map((one) => LOSSES[one]) : []),
  ];
}

/** Where a clean copy can be made it is chosen already; otherwise nothing is, so that nothing leaves unseen. */
function choices(file: File, look: Look | undefined, cleanName: string, group: string, { say, question }: Around): HTMLElement {
  const option = (value: Choice, words: Node | string): HTMLElement => {
    // An id that no form has: the choice is the page's own and goes into none.
    const attributes = { type: "radio", name: group, value, form: "none", checked: value === "clean" };
    return make("label", { class: "choice" }, make("input", attributes), make("span", {}, words));
  };
  const clean = look?.canClean === true;
  return make(
    "fieldset",
    {},
    make("legend", {}, say(question, { name: file.name })),
    ...(clean ? [option("clean", say(FILES.clean, { name: cleanName }))] : []),
    option("original", say(FILES.original)),
    ...(clean ? [option("both", say(FILES.both))] : []),
    option("none", say(FILES.none)),
  );
}
