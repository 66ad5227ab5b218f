// One letter from the form to the intake: sealed by the worker, its parts shipped as they come, the letter itself last.
import type { Json } from "../core/encoding.ts";
import { sizeOf, type Enclosure } from "../enclosures/sealing.ts";
import { PAGE } from "../words/page.ts";
import { bytes } from "../words/say.ts";
import { startPace } from "./pace.ts";
import { tellingWorld, type Panel } from "./panel.ts";
import { startShipping } from "./shipping.ts";
import { explain, type Surface } from "./surface.ts";
import { sendLetter, sendPart, TransportError } from "./transport.ts";

const PART = 1_048_576; // bytes
const SLOW = 60; // seconds after which other ways are offered

/** What a letter says, as it stands in the form. */
export interface Draft {
  readonly story: string;
  readonly fields: Readonly<Record<string, Json>>;
  readonly notTo: readonly string[];
  readonly files: readonly Enclosure[];
  /** Commitment to the keys of claim words, 32 bytes, if some were made. */
  readonly claim?: Uint8Array | undefined;
}

/** What stands on a letter besides: the same when it is sealed again. */
export interface Letterhead {
  /** 16 bytes. */
  readonly tip: Uint8Array;
  /** 1 for the first of a codename. */
  readonly number: number;
}

/** Seals and sends. Throws what stops it for good; the source decides in `panel` about what may pass. */
export async function sealAndSend(
  surface: Surface,
  panel: Panel,
  draft: Draft,
  head: Letterhead,
  otherWay: () => void,
): Promise<void> {
  const { say, language, workshop } = surface;
  const world = tellingWorld(surface.world, panel, say);
  const total = sizeOf(draft.files);
  const parts = Math.ceil((total + 16_384) / PART);
  const [sealed, sent] = total > 0 ? [panel.bar(), panel.bar()] : [];
  const [sealing, sending] = [startPace(), startPace()];
  let done = 0;
  const show = (arrived: number): void => {
    const size = (value: number): string => bytes(language, value);
    sealed?.show(say(PAGE.sealedOf, { done: size(done), of: size(total) }), done, total);
    sent?.show(say(PAGE.sentOf, { done: size(arrived * PART), of: size(parts * PART) }), arrived, parts);
    const rest = [sealing.secondsFor(total - done), sending.secondsFor(parts - arrived)].filter((one) => one !== undefined);
    panel.left(total > 0 && rest.length > 0 ? Math.max(...rest) : undefined);
  };
  const shipping = startShipping(
    (part) => persist(surface, panel, () => sendPart(world, part, panel.signal)),
    () => {
      sending.note(shipping.arrived());
      show(shipping.arrived());
    },
  );

  panel.stage(say(PAGE.sealing));
  show(0);
  let offered = false;
  const letter = await workshop.ask(
    "seal",
    { ...draft, ...head, language, sealed: "device" },
    {
      signal: panel.signal,
      progress: (so) => {
        done = so;
        sealing.note(so);
        show(shipping.arrived());
        const whole = sealing.secondsFor(total) ?? 0;
        if (whole <= SLOW || offered) return;
        offered = true;
        panel.offer(say(PAGE.slow, { time: String(Math.ceil(whole / 60)) }), say(PAGE.otherWay), otherWay);
      },
      part: async (part) => {
        const began = performance.now();
        await shipping.add(part);
        sealing.leaveOut(performance.now() - began);
      },
    },
  );
  if (total > 0) panel.stage(say(PAGE.sending));
  await shipping.finish();
  panel.signal.throwIfAborted();
  panel.hold();
  panel.left(undefined);
  panel.stage(say(PAGE.lastPiece));
  await persist(surface, panel, () => sendLetter(world, new Uint8Array(letter), panel.signal));
}

/** Does something again for as long as the source wants to go on. */
async function persist(surface: Surface, panel: Panel, act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      const mayPass = error instanceof TransportError && ["unreachable", "wait", "full"].includes(error.trouble);
      if (!mayPass || panel.signal.aborted) throw error;
      await panel.trouble(explain(surface.say, error));
    }
  }
}
