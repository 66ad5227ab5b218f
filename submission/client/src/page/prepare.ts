// What a page does as soon as it is there: checks to whom it would seal, and makes the keys of a codename.
import type { Organisation } from "./messages.ts";
import { today, type Surface } from "./surface.ts";
import { take, TransportError } from "./transport.ts";

const NEVER = new AbortController().signal;

/** Fetches roster and key sheet and lets the worker check them. Throws what it refuses, and TransportError. */
export async function checkOrganisation(surface: Surface, signal: AbortSignal = NEVER): Promise<Organisation> {
  const { world, root, bundle, workshop } = surface;
  const [roster, sheet] = await Promise.all([take(world, "/roster.json", signal), take(world, "/keysheet.json", signal)]);
  return workshop.ask("organisation", { root, roster, sheet, today: today(), bundle });
}

/** The same, or null when the intake has no key sheet: then replies can be read, and nothing sent. */
export async function checkReplying(surface: Surface): Promise<Organisation | null> {
  try {
    return await checkOrganisation(surface);
  } catch (error) {
    if (!(error instanceof TransportError) || error.trouble !== "closed") throw error;
    const roster = await take(surface.world, "/roster.json", NEVER);
    await surface.workshop.ask("roster", { root: surface.root, roster, today: today() });
    return null;
  }
}

/** Fetches the word list; the worker checks it. */
export async function learnWords({ world, workshop }: Surface): Promise<void> {
  await workshop.ask("words", { text: await take(world, "/words.txt", NEVER) });
}

/** Derives the keys of the worker's codename; `show` is told how much is done, 0 to 1. */
export async function makeKeys({ workshop }: Surface, show: (done: number) => void, signal: AbortSignal = NEVER): Promise<void> {
  await workshop.ask("keys", null, { progress: show, signal });
}
