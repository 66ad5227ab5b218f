// The mailbox: the codename stays here, the whole shelf comes, and what is the source's own is opened on the device.
import { button, copyOf, found, keep, make, moveTo, showInstead } from "../dom.ts";
import { PAGE } from "../words/page.ts";
import { bytes, count } from "../words/say.ts";
import { offerAnswering } from "./claims.ts";
import type { Conversation } from "./conversation.ts";
import { takeLetters } from "./form.ts";
import { chosenWay, handle } from "./guard.ts";
import type { FoundReplies, Organisation } from "./messages.ts";
import { openPanel, tellingWorld, type Panel } from "./panel.ts";
import { checkReplying, learnWords, makeKeys } from "./prepare.ts";
import { formIn, showSent } from "./sent.ts";
import { explain, isStop, type Surface } from "./surface.ts";
import { take } from "./transport.ts";
import { allowDevice, moveToWays, offerWays, refuseDevice, tell } from "./ways.ts";
import { RefusedError } from "./workshop.ts";

/** Takes the page over. */
export function startMailbox(surface: Surface, form: HTMLFormElement): void {
  const { say, language } = surface;
  offerWays(document);
  form.dataset["for"] = "device arrival none";
  let prepared: Promise<Organisation | null>;
  const begin = (): void => {
    prepared = prepare(surface);
    prepared.then(allowDevice, (error: unknown) => refuseDevice(explain(say, error), button(say(PAGE.again), begin, true)));
  };
  begin();
  const input = found(form, "input[name=codename]", HTMLInputElement);

  handle(form, () => {
    const way = chosenWay();
    if (way === "arrival") form.submit();
    else if (way === "device") void open();
    else if (way === undefined) {
      complain(say(PAGE.chooseMailbox));
      moveToWays();
    }
  });

  async function open(): Promise<void> {
    complain("");
    const panel = openPanel(form, say(PAGE.opening), say, language);
    form.inert = true;
    try {
      panel.stage(say(PAGE.checkingMailbox));
      const organisation = await prepared;
      await surface.workshop.ask("enter", { text: input.value });
      showReplies(surface, organisation, await fetchReplies(surface, panel), input.value);
    } catch (error) {
      form.inert = false;
      complain(isStop(error, panel.signal) ? say(PAGE.deviceStopped) : explain(say, error));
      const wrong = error instanceof RefusedError && error.refusal.what === "codename";
      moveTo(wrong ? input : found(form, "button[type=submit]", HTMLElement));
    } finally {
      panel.close();
    }
  }

  function complain(words: string): void {
    form.querySelector("[data-complaint]")?.remove();
    input.removeAttribute("aria-describedby");
    if (words === "") return;
    const complaint = make("p", { id: "complaint", class: "note urgent", role: "alert", "data-complaint": true }, make("strong", {}, words));
    input.setAttribute("aria-describedby", complaint.id);
    input.after(complaint);
  }
}

async function prepare(surface: Surface): Promise<Organisation | null> {
  tell(make("p", {}, surface.say(PAGE.checkingMailbox)));
  const words = learnWords(surface);
  const [organisation] = await Promise.all([checkReplying(surface), words]);
  tell(make("p", {}, surface.say(organisation === null ? PAGE.noSheet : PAGE.readyMailbox)));
  return organisation;
}

async function fetchReplies(surface: Surface, panel: Panel): Promise<FoundReplies> {
  const { say, language, workshop } = surface;
  const world = tellingWorld(surface.world, panel, say);
  panel.stage(say(PAGE.keysMailbox));
  const keys = panel.bar();
  await makeKeys(surface, (done) => keys.show(say(PAGE.keysBar), done, 1), panel.signal);
  const { name } = await workshop.ask("shelf", null);
  panel.stage(say(PAGE.fetching));
  const fetched = panel.bar();
  const shelf = await take(world, `/shelf/${name}`, panel.signal, (done, of) => {
    fetched.show(say(PAGE.fetched, { done: bytes(language, done) }), done, Math.max(done, of));
  });
  const rosters = await take(world, "/rosters.json", panel.signal);
  panel.stage(say(PAGE.trying));
  const tried = panel.bar();
  const progress = (done: number, of: number): void => {
    tried.show(say(PAGE.tried, { done: count(language, done), of: count(language, of) }), done, of);
  };
  return workshop.ask("replies", { shelf, root: surface.root, rosters }, { progress, signal: panel.signal });
}

function showReplies(surface: Surface, organisation: Organisation | null, { replies, gaps, next }: FoundReplies, codename: string): void {
  const page = copyOf("replies-on-device");
  keep(page, [
    replies.length > 0 ? "some" : "none",
    ...(gaps.length > 0 ? ["gaps"] : []),
    organisation === null ? "closed" : "open",
  ]);
  const place = found(page, "[data-replies]", HTMLElement);
  for (const { label, left, number, week, seen, text } of replies) {
    const reply = copyOf("one-reply", { reviewer: label, number: String(number), week, seen: String(seen) });
    keep(reply, left ? ["left"] : []);
    found(reply, "[data-text]", HTMLElement).textContent = text;
    place.append(reply);
  }
  for (const { label, number } of gaps) {
    found(page, "[data-gaps]", HTMLElement).append(copyOf("one-gap", { reviewer: label, number: String(number) }));
  }
  offerAnswering(surface, found(page, "[data-answer]", HTMLElement));
  if (organisation === null) {
    showInstead(page);
    return;
  }
  const form = formIn(page);
  showInstead(page);
  offerWays(document);
  const conversation: Conversation = { codename: codename.trim(), keys: Promise.resolve(), claimed: false };
  takeLetters(surface, form, conversation, next, undefined, (sent) => showSent(surface, conversation, sent));
}
