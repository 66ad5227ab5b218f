// The words on the page, which change their language without losing what was typed.
import { OFFLINE, type Word } from "../words/offline.ts";
import { languageOf, speaker, type Language, type Sentence, type Values } from "../words/say.ts";

/** Values of a sentence; a function where one depends on the language. */
export type Told = Values | ((language: Language) => Values);

export interface Teller {
  readonly language: () => Language;
  /** Does something now, and again each time the language changes. */
  readonly always: (what: (language: Language) => void) => void;
  /** A text in the page's language. */
  readonly say: (sentence: Sentence, values?: Told) => Text;
  /** The same by its name among the sentences of the sealer. */
  readonly word: (word: Word, values?: Told) => Text;
  readonly change: (language: Language) => void;
}

/** Returns the page's teller, in the language that the browser wants. */
export function teller(): Teller {
  let language = languageOf(navigator.language);
  const all = new Set<(language: Language) => void>();
  const always: Teller["always"] = (what) => {
    all.add(what);
    what(language);
  };
  const say: Teller["say"] = (sentence, values = {}) => {
    const text = document.createTextNode("");
    always((now) => (text.data = speaker(now)(sentence, typeof values === "function" ? values(now) : values)));
    return text;
  };
  return {
    language: () => language,
    always,
    say,
    word: (word, values) => say(OFFLINE[word], values),
    change: (to) => {
      language = to;
      document.documentElement.lang = to;
      all.forEach((what) => what(to));
    },
  };
}
