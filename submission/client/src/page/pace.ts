// How long the rest will take, from how long the first took.

export interface Pace {
  /** Notes that so much of the whole is done now. */
  readonly note: (done: number) => void;
  /** Notes that time passed in which nothing could be done. */
  readonly leaveOut: (milliseconds: number) => void;
  /** Seconds for so much more; undefined until half a second was measured. */
  readonly secondsFor: (more: number) => number | undefined;
}

const LEAST = 500; // milliseconds that are worth judging by

/** Begins to measure. `now` gives milliseconds, growing. */
export function startPace(now: () => number = () => performance.now()): Pace {
  const began = now();
  let left = 0;
  let done = 0;
  let at = began;
  return {
    note: (so) => {
      done = so;
      at = now();
    },
    leaveOut: (milliseconds) => {
      left += milliseconds;
    },
    secondsFor: (more) => {
      const spent = at - began - left;
      return spent < LEAST || done <= 0 ? undefined : (spent / done) * more / 1000;
    },
  };
}
