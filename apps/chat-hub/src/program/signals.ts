const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** A terminal tells everybody of Ctrl+C, and npm passes on what it was told: within this time it is one wish. */
const echoMs = 1_000;
/** Ending may keep the process busy, and what comes meanwhile would be heard late: what is passed on is heard before it begins. */
const pauseMs = 100;

export interface SignalHandlers {
  /** Called once. Whatever it comes to, the process is to end. */
  readonly onEnd: () => void;
}

/** The first signal ends in order; with a second one somebody is in a hurry. */
export function onSignals({ onEnd }: SignalHandlers): void {
  let endedAt: number | undefined;
  for (const [signal, number] of Object.entries(numbers)) {
    process.on(signal, () => {
      if (endedAt === undefined) {
        endedAt = performance.now();
        setTimeout(onEnd, pauseMs);
      } else if (performance.now() - endedAt > echoMs) process.exit(128 + number);
    });
  }
}
