import type { Reading } from '../metrics/metrics.ts';

/** What goes over the sockets of this node, counted. Its names are those of the protocol: nobody outside can make more of them. */
export class FrameFigures {
  readonly #taken = new Map<string, number>();
  readonly #said = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  bytesIn = 0;
  bytesOut = 0;
  /** Those that are told: by far the most, so that they are counted without looking anything up. */
  events = 0;

  taken(type: string): void {
    add(this.#taken, type);
  }

  said(type: string): void {
    add(this.#said, type);
  }

  refused(code: string): void {
    add(this.#refused, code);
  }

  frames(): Reading {
    const taken = [...this.#taken].map(([type, count]) => [{ direction: 'in', type }, count] as const);
    const said = [...this.#said].map(([type, count]) => [{ direction: 'out', type }, count] as const);
    return [...taken, ...said, [{ direction: 'out', type: 'event' }, this.events]];
  }

  bytes(): Reading {
    return [
      [{ direction: 'in' }, this.bytesIn],
      [{ direction: 'out' }, this.bytesOut],
    ];
  }

  refusals(): Reading {
    return [...this.#refused].map(([code, count]) => [{ code }, count] as const);
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
