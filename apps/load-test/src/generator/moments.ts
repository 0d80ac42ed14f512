import type { Figures, Meter } from './figures.ts';

interface Moment {
  readonly due: number;
  readonly heardBy: Set<number>;
}

/**
 * Typing and presence carry nothing by which one could be told from another, so that it is noted here when each was said; those who hear of it
 * in the same process find it by who said what. The receivers of other processes are not timed.
 */
export class Moments {
  readonly #figures: Figures;
  readonly #said = new Map<string, Moment>();

  constructor(figures: Figures) {
    this.#figures = figures;
  }

  said(name: string, due: number): void {
    this.#said.set(name, { due, heardBy: new Set() });
  }

  /** The first time counts: later ones are of something else, such as a connection that came back. */
  heard(meter: Meter, name: string, hearer: number, now: number): void {
    const moment = this.#said.get(name);
    if (moment === undefined || moment.heardBy.has(hearer)) return;
    moment.heardBy.add(hearer);
    this.#figures.time(meter, moment.due, now);
  }
}

/** That somebody begins to type. That they cease has many reasons, among them the message itself. */
export function typingName(channelId: string, userId: string): string {
  return `typing ${channelId} ${userId}`;
}

export function presenceName(channelId: string, userId: string, activity: string): string {
  return `${activity} ${channelId} ${userId}`;
}
