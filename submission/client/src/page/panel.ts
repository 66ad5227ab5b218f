// What is shown while something is under way: how far it is, how long it takes, and a way to stop it.
import { button, make, moveTo } from "../dom.ts";
import { PAGE } from "../words/page.ts";
import { count, type Language, type Say } from "../words/say.ts";
import type { World } from "./transport.ts";

export interface Bar {
  /** Shows how far it is, in words and as a length. */
  readonly show: (words: string, done: number, of: number) => void;
}

export interface Panel {
  /** Given when the source stops it. */
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** Says in which stage it is; read out. */
  readonly stage: (words: string) => void;
  /** Says something besides, until the returned function is called. */
  readonly note: (words: string) => () => void;
  /** Adds a bar; its words are not read out each time they change. */
  readonly bar: () => Bar;
  /** Shows how long the rest takes, when that is known. */
  readonly left: (seconds: number | undefined) => void;
  /** Says something that the source may act on, once; `act` is what the button does. */
  readonly offer: (words: string, label: string, act: () => void) => void;
  /** Waits for the source to go on after trouble. Throws when they stop instead. */
  readonly trouble: (words: string) => Promise<void>;
  /** From now on it can only be stopped in trouble. */
  readonly hold: () => void;
  readonly close: () => void;
}

/** Opens a panel behind an element and moves there. */
export function openPanel(after: HTMLElement, title: string, say: Say, language: Language): Panel {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const heading = make("h2", { tabindex: "-1" }, title);
  const status = make("p", { role: "status" });
  const bars = make("div");
  const rest = make("p", { class: "soft" });
  const notes = make("div", { role: "status" });
  const offers = make("div", { role: "status" });
  const stopButton = button(say(PAGE.stop), stop, true);
  const buttons = make("p", { class: "buttons" }, stopButton);
  const panel = make("section", { class: "note", "aria-label": title }, heading, status, bars, rest, notes, offers, buttons);
  after.after(panel);
  moveTo(heading);
  let going: Promise<void> | undefined;

  return {
    signal: stopping.signal,
    abort: stop,
    stage: (words) => {
      if (status.textContent !== words) status.textContent = words;
    },
    note: (words) => {
      const told = make("p", {}, words);
      notes.replaceChildren(told);
      return () => told.remove();
    },
    bar: () => {
      const words = make("span");
      const progress = make("progress", { max: "1", value: "0" });
      bars.append(make("label", {}, words, progress));
      return {
        show: (text, done, of) => {
          words.textContent = text;
          progress.value = of > 0 ? Math.min(1, done / of) : 1;
        },
      };
    },
    left: (seconds) => {
      rest.textContent = seconds === undefined ? "" : timeLeft(say, language, seconds);
    },
    offer: (words, label, act) => {
      offers.replaceChildren(make("p", {}, words), make("p", { class: "buttons" }, button(label, act, true)));
    },
    trouble: (words) => {
      // Two pieces may be on their way; what stops both is told once.
      const ways = [stopButton.isConnected ? [] : [button(say(PAGE.stop), stop, true)]].flat();
      going ??= ask(offers, words, say(PAGE.goOn), ways, stopping.signal).finally(() => {
        going = undefined;
        offers.replaceChildren();
      });
      return going;
    },
    hold: () => stopButton.remove(),
    close: () => panel.remove(),
  };
}

/** The same world, which says in a panel for how long it waits before it tries again. */
export function tellingWorld(world: World, panel: Panel, say: Say): World {
  return {
    ...world,
    wait: async (seconds, signal) => {
      const release = panel.note(say(PAGE.retrying, { time: String(Math.ceil(seconds)) }));
      try {
        await world.wait(seconds, signal);
      } finally {
        release();
      }
    },
  };
}

function ask(place: HTMLElement, words: string, label: string, others: readonly Node[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = button(label, resolve);
    place.replaceChildren(make("p", { role: "alert" }, make("strong", {}, words)), make("p", { class: "buttons" }, go, ...others));
    go.focus();
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

function timeLeft(say: Say, language: Language, seconds: number): string {
  if (seconds < 90) return say(PAGE.seconds, { time: count(language, Math.max(5, 5 * Math.ceil(seconds / 5))) });
  return say(PAGE.minutes, { time: count(language, seconds / 60) });
}
