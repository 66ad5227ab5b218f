// The worker: holds the codename, its keys and what is being sealed. It has no document and, by its policy, no network.
import { deriveKeys, newCodename, parseCodename, showCodename, WordList, type Codename, type CodenameKeys } from "../core/codename.ts";
import { claimSalt, newClaimWords, parseClaimWords, showClaimWords, stretchClaim } from "../core/claimwords.ts";
import { base64, unhex } from "../core/encoding.ts";
import { RosterError } from "../core/errors.ts";
import { nextNumber, openReplies } from "../core/replies.ts";
import { openRoster, type Roster } from "../core/roster.ts";
import { openSheet, type KeySheet } from "../core/sheet.ts";
import { shelfName } from "../core/shelf.ts";
import { cleaned, lookInto, sealLetter } from "../enclosures/sealing.ts";
import type { FoundReplies, FromWorker, Refusal, Task, Tasks, ToWorker } from "./messages.ts";
import { BundleError, refusalOf, StoppedError } from "./refusals.ts";

/** The worker's own side of the channel. */
export interface Channel {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** What a running task tells and asks the page. */
interface Teller {
  readonly progress: (done: number, of: number) => void;
  /** Hands over a part and waits until it was taken. */
  readonly part: (part: Uint8Array) => Promise<void>;
}

type Handlers = { readonly [T in Task]: (order: Tasks[T]["order"], tell: Teller) => Promise<Tasks[T]["result"]> };

const LARGEST_LOOK = 64 * 1024 * 1024; // bytes of a file that are taken into memory to look at it

/** Serves what the page asks, until the page closes. */
export function serve(channel: Channel): void {
  const handlers = makeHandlers();
  const takers = new Map<number, () => void>();
  const stopped = new Set<number>();

  const teller = (id: number): Teller => ({
    progress: (done, of) => {
      if (stopped.has(id)) throw new StoppedError();
      channel.postMessage({ id, done, of }, []);
    },
    part: async (part) => {
      const whole = part.slice().buffer;
      const taken = new Promise<void>((resolve) => takers.set(id, resolve));
      channel.postMessage({ id, part: whole }, [whole]);
      await taken;
      if (stopped.has(id)) throw new StoppedError();
    },
  });
  const run = async <T extends Task>(id: number, task: T, order: Tasks[T]["order"]): Promise<void> => {
    try {
      const result = await handlers[task](order, teller(id));
      channel.postMessage({ id, result }, result instanceof ArrayBuffer ? [result] : []);
    } catch (error) {
      channel.postMessage({ id, refusal: refusalOf(error) satisfies Refusal }, []);
    } finally {
      takers.delete(id);
      stopped.delete(id);
    }
  };
  channel.onmessage = ({ data }) => {
    if (data.task === "stop") stopped.add(data.id);
    if (data.task === "stop" || data.task === "taken") takers.get(data.id)?.();
    else void run(data.id, data.task, data.order);
  };
}

function makeHandlers(): Handlers {
  let list: WordList | undefined;
  let roster: Roster | undefined;
  let sheet: KeySheet | undefined;
  let codename: Codename | undefined;
  let keys: CodenameKeys | undefined;

  return {
    words: async ({ text }) => {
      list = WordList.parse(new Uint8Array(text));
      return null;
    },
    roster: async ({ root, roster: envelope, today }) => {
      roster = openRoster(new Uint8Array(envelope), unhex(root), today);
      return null;
    },
    organisation: async (order) => {
      const known = openRoster(new Uint8Array(order.roster), unhex(order.root), order.today);
      const found = openSheet(new Uint8Array(order.sheet), known, order.today);
      if (order.bundle !== null && found.pageBundle !== undefined && base64(found.pageBundle) !== order.bundle) {
        throw new BundleError();
      }
      [roster, sheet] = [known, found];
      const readers = known.reviewers.map(({ id, label }) => ({ id, label }));
      return { week: found.week, readers, approvals: known.approvals };
    },
    create: async () => {
      codename = newCodename();
      keys = undefined;
      return { words: showCodename(codename, needed(list)) };
    },
    enter: async ({ text }) => {
      codename = parseCodename(text, needed(list));
      keys = undefined;
      return null;
    },
    keys: async (_, { progress }) => {
      const mine = needed(codename);
      const made = await deriveKeys(mine, needed(roster).instance, (done) => progress(done, 1));
      if (mine === codename) keys = made;
      return null;
    },
    claim: async ({ tip }, { progress }) => {
      const words = newClaimWords();
      const root = await stretchClaim(words, claimSalt(needed(roster).instance, tip), (done) => progress(done, 1));
      return { words: showClaimWords(words, needed(list)), root };
    },
    stretch: async ({ text, salt }, { progress }) => stretchClaim(parseClaimWords(text, needed(list)), salt, (done) => progress(done, 1)),
    look: async ({ file }) => lookInto(file, LARGEST_LOOK),
    clean: async ({ file }) => new Uint8Array(await cleaned(file)).buffer,
    seal: async (order, { progress, part }) => {
      const means = { sheet: needed(sheet), roster: needed(roster), keys: needed(keys), store: part, progress };
      return new Uint8Array(await sealLetter(order, means)).buffer;
    },
    shelf: async () => ({ name: shelfName(needed(keys).shelf, sheet?.shelfBits ?? 0) }),
    replies: async ({ shelf, root, rosters }, { progress }) => {
      const known = [needed(roster), ...earlier(new Uint8Array(rosters), unhex(root))];
      const found = await openReplies(new Uint8Array(shelf), needed(keys), known, progress);
      return shown(found, known);
    },
  };
}

/** The rosters that the same root signed, in force or not; others are passed over, as is what they signed. */
function earlier(lines: Uint8Array, root: Uint8Array): readonly Roster[] {
  const text = new TextDecoder("latin1").decode(lines);
  return text.split("\n").flatMap((line) => {
    try {
      // A day on which every one of them is still in force: a reply was signed when its roster was.
      return [openRoster(Uint8Array.from(line, (sign) => sign.charCodeAt(0)), root, "2000-01-01")];
    } catch (error) {
      if (error instanceof RosterError) return [];
      throw error;
    }
  });
}

/** What is shown of replies; `rosters`: the one in force first. */
function shown(found: Awaited<ReturnType<typeof openReplies>>, rosters: readonly Roster[]): FoundReplies {
  const reviewers = rosters.flatMap((roster) => roster.reviewers);
  const left = (id: string): boolean => rosters[0]?.reviewers.every((one) => one.id !== id) ?? true;
  const label = (id: string): string => reviewers.find((one) => one.id === id)?.label ?? id;
  const replies = found.replies.map(({ reviewer, number, seen, week, text }) => {
    return { reviewer, label: label(reviewer), left: left(reviewer), number, seen, week, text };
  });
  return {
    replies: replies.reverse(),
    gaps: found.gaps.map(([reviewer, number]) => ({ label: label(reviewer), number })),
    next: nextNumber(found.replies),
  };
}

/** The page asks in order; if it does not, that is a fault of ours. */
function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("asked before what it needs was there");
  return value;
}
