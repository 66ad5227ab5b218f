// The frame of all words: every sentence stands in English and French side by side, and is spoken in the page's language.

export type Language = "en" | "fr";

/** One sentence in each language. Places for values are written {name}. */
export interface Sentence {
  readonly en: string;
  readonly fr: string;
}

/** Values of a sentence, as they shall be read: format numbers with `count` or `bytes` first. */
export type Values = Readonly<Record<string, string>>;

/** Speaks a sentence in one language. */
export type Say = (sentence: Sentence, values?: Values) => string;

/** The language of a page by its `lang`: French for "fr", English for everything else. */
export function languageOf(lang: string): Language {
  return lang.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** Returns what speaks sentences in a language. A place without a value stays as it is written. */
export function speaker(language: Language): Say {
  return (sentence, values = {}) => sentence[language].replace(/\{([a-z]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** A number with the digits grouped as the language does, such as 12,500 or 12 500. */
export function count(language: Language, value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, language === "fr" ? "\u202f" : ",");
}

/** A size for people: "0 kB", "12 kB", "3.4 MB" (of 1,000 and 1,000,000 bytes), in French "3,4 Mo". */
export function bytes(language: Language, value: number): string {
  const units = language === "fr" ? ["ko", "Mo"] : ["kB", "MB"];
  if (value < 1_000_000) return `${count(language, Math.ceil(value / 1000))}\u00a0${units[0]}`;
  const text = value < 10_000_000 ? (value / 1_000_000).toFixed(1) : count(language, value / 1_000_000);
  return `${language === "fr" ? text.replace(".", ",") : text}\u00a0${units[1]}`;
}
