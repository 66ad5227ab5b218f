// The page with the tip form.
import { found } from "../dom.ts";
import { beginConversation } from "./conversation.ts";
import { takeLetters } from "./form.ts";
import { showSent } from "./sent.ts";
import type { Surface } from "./surface.ts";
import { offerWays } from "./ways.ts";

/** Takes the page over. */
export function startTip(surface: Surface, form: HTMLFormElement): void {
  offerWays(document);
  found(document, "[data-codename]", HTMLElement).dataset["for"] = form.dataset["for"] = "device arrival none";
  const conversation = beginConversation(surface);
  takeLetters(surface, form, conversation, 1, undefined, (sent) => showSent(surface, conversation, sent));
}
