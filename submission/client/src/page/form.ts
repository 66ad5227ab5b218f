// A form that the source writes a letter in: the first of a codename, or one that follows.
import { button, found, make, moveTo } from "../dom.ts";
import { sizeOf } from "../enclosures/sealing.ts";
import { AnswerError, parseAnswers } from "../offline/answers.ts";
import { PAGE } from "../words/page.ts";
import { bytes } from "../words/say.ts";
import { offerClaim, type Claim } from "./claims.ts";
import type { Conversation } from "./conversation.ts";
import { listFiles, UndecidedError, type Files } from "./files.ts";
import { chosenWay, handle, restoreLater } from "./guard.ts";
import { sealAndSend, type Draft, type Letterhead } from "./letter.ts";
import type { Organisation } from "./messages.ts";
import { openPanel } from "./panel.ts";
import { completeForm, submitPlainly } from "./plain.ts";
import { checkOrganisation } from "./prepare.ts";
import { explain, isStop, type Surface } from "./surface.ts";
import { TransportError } from "./transport.ts";
import { holdWays, moveToWays, refuseDevice } from "./ways.ts";
import { RefusedError } from "./workshop.ts";

/** What was sent, to be shown. */
export interface Sent {
  readonly draft: Draft;
  readonly head: Letterhead;
  readonly organisation: Organisation;
  readonly claim: Claim | undefined;
}

/** Answers of the form that are no questions of the tip. */
const OTHERS = new Set(["codename", "tip", "number", "not_to", "story", "files", "claim"]);

/** Something in the form must be put right: the sentence to show, and where. */
class FormError extends Error {
  readonly sentence: string;
  readonly place: HTMLElement;

  constructor(sentence: string, place: HTMLElement) {
    super("the form is not ready");
    this.sentence = sentence;
    this.place = place;
  }
}

/**
 * Lets a form be sent in the way that is chosen when its button is pressed.
 *
 * @param number of the letter, 1 for the first of its codename
 * @param notTo who was left out before; undefined when the form asks for it
 * @param done shows that it has arrived
 */
export function takeLetters(
  surface: Surface,
  form: HTMLFormElement,
  conversation: Conversation,
  number: number,
  notTo: readonly string[] | undefined,
  done: (sent: Sent) => void,
): void {
  const { say, language } = surface;
  const head: Letterhead = { tip: crypto.getRandomValues(new Uint8Array(16)), number };
  const input = found(form, "input[type=file]", HTMLInputElement);
  const look = (file: File): Promise<never> => surface.workshop.ask("look", { file }) as Promise<never>;
  const files = listFiles(input, found(form, "[data-files]", HTMLElement), { say, language, look });
  // The codename that came with the page leaves the form. It comes back if all else fails.
  const given = form.querySelector<HTMLInputElement>("input[name=codename]");
  given?.remove();
  const codename = (): string => conversation.codename ?? given?.value ?? "";
  restoreLater(() => {
    completeForm(form, codename(), head, notTo);
    files.giveUp();
  });

  const claimed = offerClaim(surface, form, () => conversation.keys, head.tip);

  handle(form, () => {
    void submit().catch((error: unknown) => {
      const [sentence, place] =
        error instanceof FormError || error instanceof UndecidedError
          ? [error.sentence, error.place]
          : [explain(say, error), found(form, "button[type=submit]", HTMLElement)];
      complain(form, make("strong", {}, sentence));
      moveTo(place);
    });
  });

  async function submit(): Promise<void> {
    form.querySelector("[data-complaint]")?.remove();
    const way = chosenWay();
    if (way === undefined) {
      complain(form, make("strong", {}, say(PAGE.choose)));
      moveToWays();
    } else if (way !== "before") {
      const draft = readDraft(surface, form, files, notTo);
      if (way === "arrival") await leavePlainly(draft);
      else await send(draft);
    }
  }

  async function leavePlainly({ files: chosen }: Draft): Promise<void> {
    // Clean copies take their time. Meanwhile no other way may be chosen, since this one would be gone all the same.
    form.inert = true;
    const freeWays = holdWays();
    try {
      await submitPlainly(surface, form, codename(), head, notTo, chosen);
    } finally {
      form.inert = false;
      freeWays();
    }
  }

  async function send(draft: Draft): Promise<void> {
    const panel = openPanel(form, say(PAGE.working), say, language);
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    form.inert = true;
    const freeWays = holdWays();
    let [otherWay, organisation]: [boolean, Organisation | undefined] = [false, undefined];
    let claim: Claim | undefined;
    try {
      panel.stage(say(PAGE.checking));
      // Again, since the week may have ended since the page was opened.
      organisation = await checkOrganisation(surface, panel.signal);
      checkReaders(surface, form, draft, organisation);
      panel.stage(say(PAGE.waitKeys));
      await unlessStopped(conversation.keys, panel.signal);
      panel.stage(say(PAGE.waitClaim));
      claim = await unlessStopped(claimed(), panel.signal);
      await sealAndSend(surface, panel, { ...draft, claim: claim?.commitment }, head, () => {
        otherWay = true;
        panel.abort();
      });
    } catch (error) {
      [form.inert, organisation] = [false, undefined];
      freeWays();
      if (error instanceof FormError) throw error;
      fail(error, panel.signal);
      if (otherWay) moveToWays();
    } finally {
      window.removeEventListener("beforeunload", stay);
      panel.close();
    }
    if (organisation !== undefined) done({ draft, head, organisation, claim });
  }

  function fail(error: unknown, signal: AbortSignal): void {
    if (isStop(error, signal)) {
      complain(form, say(PAGE.stopped));
      return;
    }
    const reason = explain(say, error);
    if (error instanceof RefusedError && ["roster", "sheet", "bundle"].includes(error.refusal.what)) refuseDevice(reason);
    const maybe = error instanceof TransportError && error.trouble !== "keys" ? [make("p", {}, say(PAGE.maybe))] : [];
    const again = button(say(PAGE.again), () => form.requestSubmit());
    const other = button(say(PAGE.otherWay), moveToWays, true);
    complain(form, make("strong", {}, reason), make("p", {}, say(PAGE.kept)), ...maybe, make("p", { class: "buttons" }, again, other));
    again.focus();
  }
}

/** Shows what is wrong above the form's button. */
function complain(form: HTMLFormElement, ...content: readonly (Node | string)[]): void {
  form.querySelector("[data-complaint]")?.remove();
  const complaint = make("div", { class: "note urgent", role: "alert", "data-complaint": true }, ...content);
  found(form, "button[type=submit]", HTMLElement).before(complaint);
}

function readDraft(surface: Surface, form: HTMLFormElement, files: Files, notTo: readonly string[] | undefined): Draft {
  const { say, language, most } = surface;
  const given = new FormData(form);
  const story = String(given.get("story") ?? "").trim();
  const chosen = files.chosen();
  if (story === "" && chosen.length === 0) throw new FormError(say(PAGE.empty), found(form, "textarea", HTMLElement));
  const input = found(form, "input[type=file]", HTMLElement);
  if (sizeOf(chosen) > most) {
    throw new FormError(say(PAGE.tooLarge, { most: bytes(language, most) }), input);
  }
  return { story, fields: readAnswers(surface, form, given), notTo: notTo ?? given.getAll("not_to").map(String), files: chosen };
}

function readAnswers({ say }: Surface, form: HTMLFormElement, given: FormData): Record<string, string> {
  const answers = [...given].flatMap(([name, value]) => (OTHERS.has(name) || typeof value !== "string" ? [] : [[name, value]]));
  try {
    return parseAnswers(Object.fromEntries(answers) as Record<string, string>);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    const place = form.querySelector<HTMLElement>(`[name="${CSS.escape(error.field)}"]`);
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
    throw new FormError(say(PAGE.answer), place ?? form);
  }
}

/** What fewer can read than must agree to anything is of no use; the intake refuses it where it is sealed on arrival. */
function checkReaders({ say }: Surface, form: HTMLFormElement, { notTo }: Draft, { readers, approvals }: Organisation): void {
  if (readers.length - notTo.length >= approvals) return;
  const place = form.querySelector<HTMLElement>("input[name=not_to]");
  throw new FormError(say(PAGE.tooFewReaders, { least: String(approvals) }), place ?? form);
}

function unlessStopped<T>(what: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  return Promise.race([what, stopped]);
}
