// The files of a letter: each is looked into on this device, and what shall be sealed of it is chosen before anything is.
import { neutralName } from "../look/filename.ts";
import type { Look } from "../look/finding.ts";
import { FILES } from "../words/files.ts";
import { FINDINGS, LOSSES, UNSEEN, WHY_NOT } from "../words/look.ts";
import { bytes, type Sentence } from "../words/say.ts";
import { WrongError, type Desk } from "./desk.ts";
import { make } from "./dom.ts";
import type { Enclosure } from "./tasks.ts";
import type { Teller } from "./teller.ts";

const MOST_FILES = 100;

export interface Enclosing {
  readonly element: HTMLElement;
  /** What was chosen, in the order of the files; throws WrongError while that is open for one of them. */
  readonly chosen: () => readonly Enclosure[];
}

type Choice = "clean" | "original" | "both" | "none";

interface Entry {
  readonly element: HTMLElement;
  /** What shall be sealed of it; undefined while that is open. */
  readonly chosen: () => readonly Enclosure[] | undefined;
}

/** Returns the field for files, with what was found in them below it. */
export function enclosing(desk: Desk, id: string): Enclosing {
  const { teller } = desk;
  const input = make("input", { type: "file", id, multiple: true });
  const label = make("label", { for: id }, teller.word("files"), make("span", { class: "hint" }, teller.word("filesHint")));
  const list = make("div", { class: "files", id: `${id}-found` });
  let entries: readonly Entry[] = [];
  // One after the other: each look has a thread of its own and may take a whole file into memory.
  let looks: Promise<unknown> = Promise.resolve();
  input.addEventListener("change", () => {
    entries = [...(input.files ?? [])].slice(0, MOST_FILES + 1).map((file, at) => {
      const looked = looks.then(() => desk.jobs({ kind: "look", file }));
      looks = looked.catch(() => undefined);
      return entryOf(teller, file, at + 1, looked);
    });
    const title = make("p", { role: "status" }, make("strong", {}, teller.say(FILES.found)));
    list.replaceChildren(...(entries.length === 0 ? [] : [title]), ...entries.map(({ element }) => element));
  });
  return {
    element: make("div", {}, make("div", { class: "field" }, label, input), list),
    chosen: () => {
      if (entries.length > MOST_FILES) throw new WrongError("wrongFiles");
      return entries.flatMap((entry) => {
        const chosen = entry.chosen();
        if (chosen !== undefined) return chosen;
        entry.element.scrollIntoView({ block: "center" });
        throw new WrongError("wrongUndecided");
      });
    },
  };
}

function entryOf(teller: Teller, file: File, number: number, looked: Promise<Look>): Entry {
  const size = make("span", { class: "soft" });
  teller.always((to) => (size.textContent = bytes(to, file.size)));
  const report = make("div", {}, make("p", { class: "soft" }, teller.say(FILES.looking)));
  const element = make("div", { class: "file" }, make("p", {}, make("strong", { dir: "auto" }, file.name), " ", size), report);
  let cleanName = "";
  const show = (look: Look | undefined): void => {
    cleanName = neutralName(look?.kind ?? "unknown", number);
    report.replaceChildren(...describe(teller, look), choices(teller, file, look, cleanName, number));
  };
  looked.then(show, () => show(undefined));
  const chosen = (): readonly Enclosure[] | undefined => {
    const original: Enclosure = { name: file.name, type: file.type, file, clean: false };
    const clean: Enclosure = { ...original, name: cleanName, clean: true };
    const choice = report.querySelector<HTMLInputElement>("input:checked")?.value as Choice | undefined;
    return choice && { clean: [clean], original: [original], both: [clean, original], none: [] }[choice];
  };
  return { element, chosen };
}

/** What was found in a file, and what nobody can find. */
function describe(teller: Teller, look: Look | undefined): readonly Node[] {
  if (look === undefined) return [make("p", {}, teller.say(FILES.failed))];
  const lines = look.findings.map(({ kind, value }) =>
    make("li", {}, teller.say(FINDINGS[kind]), ...(value === undefined ? [] : [": ", make("span", { dir: "auto" }, value)])),
  );
  const said = (title: Sentence, sentences: readonly Sentence[]): readonly Node[] =>
    sentences.length === 0
      ? []
      : [make("p", { class: "soft" }, teller.say(title), ...sentences.flatMap((one) => [" ", teller.say(one)]))];
  return [
    ...(look.whyNot === undefined ? [] : [make("p", {}, teller.say(WHY_NOT[look.whyNot]))]),
    ...(lines.length > 0 ? [make("p", {}, teller.say(FILES.shows)), make("ul", {}, ...lines)] : []),
    ...(lines.length === 0 && look.canClean ? [make("p", {}, teller.say(FILES.nothing))] : []),
    ...said(FILES.unseen, look.cannotSee.map((one) => UNSEEN[one])),
    ...said(FILES.loses, look.canClean ? look.loses.map((one) => LOSSES[one]) : []),
  ];
}

/** Where a clean copy can be made it is chosen already; otherwise nothing is, so that nothing is sealed unseen. */
function choices(teller: Teller, file: File, look: Look | undefined, cleanName: string, number: number): HTMLElement {
  const option = (value: Choice, words: Text): HTMLElement => {
    // Of no form: the choice is the page's own and is no answer.
    const attributes = { type: "radio", name: `file-${number}`, value, form: "none", checked: value === "clean" };
    return make("label", { class: "choice" }, make("input", attributes), make("span", {}, words));
  };
  const clean = look?.canClean === true;
  return make(
    "fieldset",
    {},
    make("legend", {}, teller.word("filesWhat", { name: file.name })),
    ...(clean ? [option("clean", teller.say(FILES.clean, { name: cleanName }))] : []),
    option("original", teller.say(FILES.original)),
    ...(clean ? [option("both", teller.say(FILES.both))] : []),
    option("none", teller.say(FILES.none)),
  );
}
