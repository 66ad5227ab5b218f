// The codename of a visit and what was made from it. It is made on the device; the one that came with the page is not used
// unless this fails and the source then chooses to have their tip sealed on arrival.
import { button, found, make } from "../dom.ts";
import { PAGE } from "../words/page.ts";
import type { Organisation } from "./messages.ts";
import { checkOrganisation, learnWords, makeKeys } from "./prepare.ts";
import { explain, type Surface } from "./surface.ts";
import { allowDevice, refuseDevice, tell } from "./ways.ts";

export interface Conversation {
  /** Eight words; undefined until they are made. */
  codename: string | undefined;
  /** Ends when the worker has the keys; throws when it will never have them. */
  keys: Promise<void>;
  /** Whether claim words were made for a letter of this visit; one pair is enough. */
  claimed: boolean;
}

/** What the page says when everything is ready. */
export function sayReady({ say }: Surface, { week, readers }: Organisation): void {
  tell(make("p", {}, say(PAGE.ready, { week, readers: String(readers.length) })));
}

/** Begins a conversation: makes a codename, shows it, checks to whom it would be sealed, and derives the keys. */
export function beginConversation(surface: Surface): Conversation {
  const { say, language } = surface;
  const words = found(document, "[data-codename] .words", HTMLElement);
  const given = words.textContent ?? "";
  words.setAttribute("aria-live", "polite");
  const conversation: Conversation = { codename: undefined, keys: Promise.resolve(), claimed: false };
  const begin = (): void => {
    conversation.keys = prepare();
    // Told by `prepare` itself, and again to whoever waits for the keys.
    conversation.keys.catch(() => undefined);
  };
  begin();
  return conversation;

  /** Shows a codename, or a sentence in its place that nobody shall take for one. */
  function showWords(text: string, isCodename: boolean): void {
    words.textContent = text;
    words.lang = isCodename ? "en" : language;
    words.classList.toggle("coming", !isCodename);
  }

  async function prepare(): Promise<void> {
    if (conversation.codename === undefined) showWords(say(PAGE.codenameLater), false);
    tell(make("p", {}, say(PAGE.checking)));
    const known = learnWords(surface);
    const checked = checkOrganisation(surface);
    checked.catch(() => undefined); // waited for below, when the codename is there
    try {
      await known;
      // One that was shown may have been written down already.
      if (conversation.codename === undefined) {
        const made = await surface.workshop.ask("create", null);
        conversation.codename = made.words;
        showWords(made.words, true);
      }
      const organisation = await checked;
      const progress = make("progress", { max: "1", value: "0" });
      tell(make("p", {}, say(PAGE.keys)), make("label", {}, say(PAGE.keysBar), progress));
      await makeKeys(surface, (done) => (progress.value = done));
      allowDevice();
      sayReady(surface, organisation);
    } catch (error) {
      if (conversation.codename === undefined) showWords(given, true);
      refuseDevice(explain(say, error), button(say(PAGE.again), begin, true));
      throw error;
    }
  }
}
