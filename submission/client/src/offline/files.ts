// The files of a letter, chosen one by one or many at once.
import { WrongError, type Desk } from "./desk.ts";
import { make } from "./dom.ts";
import type { Enclosure } from "./tasks.ts";

const MOST_FILES = 100;

export interface Enclosing {
  readonly element: HTMLElement;
  /** What shall be sealed; throws WrongError when that was not decided for each. */
  readonly chosen: () => readonly Enclosure[];
}

/** Returns the field for files. */
export function enclosing({ teller }: Desk, id: string): Enclosing {
  const input = make("input", { type: "file", id, multiple: true });
  const label = make("label", { for: id }, teller.word("files"), make("span", { class: "hint" }, teller.word("filesHint")));
  return {
    element: make("div", { class: "field" }, label, input),
    chosen: () => {
      const files = [...(input.files ?? [])];
      if (files.length > MOST_FILES) throw new WrongError("wrongFiles");
      return files.map((file) => ({ name: file.name, type: file.type, data: file }));
    },
  };
}
