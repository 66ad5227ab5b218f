// The files of a letter: each is looked into on this device, and what shall be sealed of it is chosen before anything is.
import { make } from "../dom.ts";
import { entryOf, MOST_FILES, type Around, type Entry } from "../enclosures/choosing.ts";
import type { Enclosure } from "../enclosures/sealing.ts";
import { FILES } from "../words/files.ts";
import { OFFLINE } from "../words/offline.ts";
import { bytes } from "../words/say.ts";
import { WrongError, type Desk } from "./desk.ts";

export interface Enclosing {
  readonly element: HTMLElement;
  /** What was chosen, in the order of the files; throws WrongError while that is open for one of them. */
  readonly chosen: () => readonly Enclosure[];
}

/** Returns the field for files, with what was found in them below it. */
export function enclosing({ teller, jobs }: Desk, id: string): Enclosing {
  const input = make("input", { type: "file", id, multiple: true });
  const label = make("label", { for: id }, teller.word("files"), make("span", { class: "hint" }, teller.word("filesHint")));
  const list = make("div", { class: "files", id: `${id}-found` });
  let entries: readonly Entry[] = [];
  // One after the other: each look has a thread of its own and may take a whole file into memory.
  let looks: Promise<unknown> = Promise.resolve();
  const around: Around = {
    say: teller.say,
    question: OFFLINE.filesWhat,
    size: (file) => {
      const size = document.createTextNode("");
      teller.always((to) => (size.data = bytes(to, file.size)));
      return size;
    },
    look: (file) => {
      const looked = looks.then(() => jobs({ kind: "look", file }));
      looks = looked.catch(() => undefined);
      return looked;
    },
  };
  input.addEventListener("change", () => {
    entries = [...(input.files ?? [])].slice(0, MOST_FILES + 1).map((file, at) => entryOf(file, at + 1, around));
    const title = make("p", { role: "status" }, make("strong", {}, teller.say(FILES.found)));
    list.replaceChildren(...(entries.length === 0 ? [] : [title]), ...entries.map(({ element }) => element));
  });
  return {
    element: make("div", {}, make("div", { class: "field" }, label, input), list),
    chosen: () => {
      if (entries.length > MOST_FILES) throw new WrongError("wrongFiles");
      return entries.flatMap(({ element, chosen }) => {
        const made = chosen();
        if (made !== undefined) return made;
        element.scrollIntoView({ block: "center" });
        throw new WrongError("wrongUndecided");
      });
    },
  };
}
