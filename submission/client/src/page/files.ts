// The files of a letter: each is looked into on the device, and what shall leave of it is chosen before anything does.
import { neutralName } from "../look/filename.ts";
import type { Look } from "../look/finding.ts";
import { FILES } from "../words/files.ts";
import { FINDINGS, LOSSES, UNSEEN, WHY_NOT } from "../words/look.ts";
import { bytes, type Language, type Say } from "../words/say.ts";
import { make } from "./dom.ts";
import type { Item } from "./messages.ts";

const MOST_FILES = 100;

/** What shall leave of a file. */
export type Choice = "clean" | "original" | "both" | "none";

/** Something must be decided first: the sentence to show, and where to decide it. */
export class UndecidedError extends Error {
  readonly sentence: string;
  readonly place: HTMLElement;

  constructor(sentence: string, place: HTMLElement) {
    super("the files are not decided");
    this.sentence = sentence;
    this.place = place;
  }
}

/** What the list of files needs from the page around it. */
export interface Surroundings {
  readonly say: Say;
  readonly language: Language;
  /** Looks into a file on the device; may throw anything. */
  readonly look: (file: File) => Promise<Look>;
}

export interface Files {
  /** What was chosen, in the order of the files. Throws UndecidedError. */
  readonly items: () => readonly Item[];
  /** Makes the list mean nothing any more: the form goes as a plain one, and whatever is in it goes as it is. */
  readonly giveUp: () => void;
}

interface Entry {
  readonly file: File;
  readonly element: HTMLElement;
  /** Undefined while it is being looked into. */
  readonly choice: () => Choice | undefined;
  readonly looked: () => boolean;
  readonly cleanName: () => string;
}

let groups = 0;

/** Looks into whatever is chosen in a file input and lists it in `place`. */
export function listFiles(input: HTMLInputElement, place: HTMLElement, around: Surroundings): Files {
  let entries: readonly Entry[] = [];
  let gaveUp = false;
  const refresh = (): void => {
    if (gaveUp) return;
    entries = [...(input.files ?? [])].slice(0, MOST_FILES + 1).map((file, at) => entryOf(file, at + 1, around));
    const title = make("p", { role: "status" }, make("strong", {}, around.say(FILES.found)));
    place.replaceChildren(...(entries.length === 0 ? [] : [title, ...entries.map(({ element }) => element)]));
  };
  input.addEventListener("change", refresh);
  refresh(); // a browser may have kept the files over a reload

  return {
    items: () => {
      if (entries.length > MOST_FILES) throw new UndecidedError(around.say(FILES.tooMany), input);
      return entries.flatMap((entry) => itemsOf(entry, around.say));
    },
    giveUp: () => {
      gaveUp = true;
      // A clean copy was to leave, or nothing was chosen: then the original must not.
      if (!entries.every((entry) => entry.choice() === "original")) input.value = "";
      place.textContent = around.say(FILES.asTheyAre);
    },
  };
}

function itemsOf(entry: Entry, say: Say): readonly Item[] {
  const { file, element } = entry;
  if (!entry.looked()) throw new UndecidedError(say(FILES.wait), element);
  const original = { file, name: file.name, type: file.type, clean: false };
  const clean = { ...original, name: entry.cleanName(), clean: true };
  switch (entry.choice()) {
    case "clean":
      return [clean];
    case "original":
      return [original];
    case "both":
      return [clean, original];
    case "none":
      return [];
    default:
      throw new UndecidedError(say(FILES.decide, { name: file.name }), found(element));
  }
}

function found(element: HTMLElement): HTMLElement {
  return element.querySelector<HTMLInputElement>("input[type=radio]") ?? element;
}

function entryOf(file: File, number: number, around: Surroundings): Entry {
  const { say, language } = around;
  const report = make("div", {}, make("p", { class: "soft" }, say(FILES.looking)));
  const name = make("p", {}, make("strong", { dir: "auto" }, file.name), " ", make("span", { class: "soft" }, bytes(language, file.size)));
  const element = make("div", { class: "file" }, name, report);
  const group = `file-${++groups}`;
  let looked = false;
  let cleanName = "";
  const show = (look: Look | undefined): void => {
    looked = true;
    cleanName = neutralName(look?.kind ?? "unknown", number);
    report.replaceChildren(...describe(look, say), choices(file, look, cleanName, group, say));
  };
  around.look(file).then(show, () => show(undefined));
  const choice = (): Choice | undefined =>
    report.querySelector<HTMLInputElement>("input[type=radio]:checked")?.value as Choice | undefined;
  return { file, element, choice, looked: () => looked, cleanName: () => cleanName };
}

/** What was found, and what cannot be found. */
function describe(look: Look | undefined, say: Say): readonly Node[] {
  if (look === undefined) return [make("p", {}, say(FILES.failed))];
  const lines = look.findings.map(({ kind, value }) =>
    make("li", {}, say(FINDINGS[kind]), ...(value === undefined ? [] : [": ", make("span", { dir: "auto" }, value)])),
  );
  const list = (title: string, items: readonly string[]): readonly Node[] =>
    items.length === 0 ? [] : [make("p", { class: "soft" }, title, " ", items.join(" "))];
  return [
    ...(look.whyNot === undefined ? [] : [make("p", {}, say(WHY_NOT[look.whyNot]))]),
    ...(lines.length > 0 ? [make("p", {}, say(FILES.shows)), make("ul", {}, ...lines)] : []),
    ...(lines.length === 0 && look.canClean ? [make("p", {}, say(FILES.nothing))] : []),
    ...list(say(FILES.unseen), look.cannotSee.map((one) => say(UNSEEN[one]))),
    ...list(say(FILES.loses), look.canClean ? look.loses.map((one) => say(LOSSES[one])) : []),
  ];
}

/** Where a clean copy can be made it is chosen already; otherwise nothing is, so that nothing leaves unseen. */
function choices(file: File, look: Look | undefined, cleanName: string, group: string, say: Say): HTMLElement {
  const offered: readonly (readonly [Choice, string])[] = [
    ...(look?.canClean === true ? [["clean", say(FILES.clean, { name: cleanName })] as const] : []),
    ["original", say(FILES.original)],
    ...(look?.canClean === true ? [["both", say(FILES.both)] as const] : []),
    ["none", say(FILES.none)],
  ];
  const options = offered.map(([value, text]) =>
    // An id that no form has: the choice is the page's own and goes into none.
    make("label", { class: "choice" }, make("input", { type: "radio", name: group, value, form: "none", checked: value === "clean" }), make("span", {}, text)),
  );
  return make("fieldset", {}, make("legend", {}, say(FILES.legend, { name: file.name })), ...options);
}
