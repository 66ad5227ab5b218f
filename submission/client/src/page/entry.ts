// Where the script starts: as the page's, or as the worker's, which has no document. It is one file, so it is one hash.
import { languageOf, speaker } from "../words/say.ts";
import { giveUp, standGuard } from "./guard.ts";
import { startMailbox } from "./mailbox.ts";
import type { Surface } from "./surface.ts";
import { startTip } from "./tip.ts";
import { WORLD } from "./transport.ts";
import { serve, type Channel } from "./worker.ts";
import { openWorkshop } from "./workshop.ts";

if (typeof document === "undefined") {
  serve(globalThis as unknown as Channel);
} else {
  // First of all: from here on no form leaves by itself.
  standGuard();
  const script = document.currentScript;
  document.addEventListener("DOMContentLoaded", () => {
    try {
      if (!(script instanceof HTMLScriptElement)) throw new RangeError("the page has no element of this script");
      start(script);
    } catch {
      giveUp();
    }
  });
}

function start(script: HTMLScriptElement): void {
  const form = document.querySelector("form[data-sealed]");
  if (!(form instanceof HTMLFormElement)) return;
  const language = languageOf(document.documentElement.lang);
  const surface: Surface = {
    say: speaker(language),
    language,
    workshop: openWorkshop(new Worker("/page.js")),
    world: WORLD,
    root: script.dataset["root"] ?? "",
    bundle: script.integrity === "" ? null : script.integrity.replace("sha256-", ""),
    most: Number(script.dataset["most"] ?? 0),
  };
  if (form.dataset["sealed"] === "tip") startTip(surface, form);
  else startMailbox(surface, form);
}
