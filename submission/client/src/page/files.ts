// The files of a letter: each is looked into on the device, and what shall leave of it is chosen before anything does.
import { make } from "../dom.ts";
import { entryOf, MOST_FILES, type Entry } from "../enclosures/choosing.ts";
import type { Enclosure } from "../enclosures/sealing.ts";
import type { Look } from "../look/finding.ts";
import { FILES } from "../words/files.ts";
import { bytes, type Language, type Say } from "../words/say.ts";

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
  readonly chosen: () => readonly Enclosure[];
  /** Makes the list mean nothing any more: the form goes as a plain one, and whatever is in it goes as it is. */
  readonly giveUp: () => void;
}

/** Looks into whatever is chosen in a file input and lists it in `place`. */
export function listFiles(input: HTMLInputElement, place: HTMLElement, { say, language, look }: Surroundings): Files {
  const around = { say, question: FILES.legend, size: (file: File) => bytes(language, file.size), look };
  let entries: readonly Entry[] = [];
  let gaveUp = false;
  const refresh = (): void => {
    if (gaveUp) return;
    entries = [...(input.files ?? [])].slice(0, MOST_FILES + 1).map((file, at) => entryOf(file, at + 1, around));
    const title = make("p", { role: "status" }, make("strong", {}, say(FILES.found)));
    place.replaceChildren(...(entries.length === 0 ? [] : [title, ...entries.map(({ element }) => element)]));
  };
  input.addEventListener("change", refresh);
  refresh(); // a browser may have kept the files over a reload

  return {
    chosen: () => {
      if (entries.length > MOST_FILES) throw new UndecidedError(say(FILES.tooMany), input);
      return entries.flatMap((entry) => decided(entry, say));
    },
    giveUp: () => {
      gaveUp = true;
      // A clean copy was to leave, or nothing was chosen: then the original must not.
      if (!entries.every((entry) => entry.asItIs())) input.value = "";
      place.textContent = say(FILES.asTheyAre);
    },
  };
}

function decided({ file, element, looked, chosen }: Entry, say: Say): readonly Enclosure[] {
  if (!looked()) throw new UndecidedError(say(FILES.wait), element);
  const first = element.querySelector<HTMLInputElement>("input[type=radio]") ?? element;
  const made = chosen();
  if (made === undefined) throw new UndecidedError(say(FILES.decide, { name: file.name }), first);
  return made;
}
