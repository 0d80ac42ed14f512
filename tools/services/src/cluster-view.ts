import type { Call } from './redis-admin.ts';

/** What one node says of another, from CLUSTER NODES. */
export interface NodeView {
  readonly id: string;
  readonly flags: readonly string[];
  /** Of a replica. */
  readonly master: string | undefined;
  /** Ranges, both ends included. */
  readonly slots: readonly (readonly [number, number])[];
}

export const SLOTS = 16_384;

function slotRange(text: string): [number, number] {
  const [first, last] = text.split('-').map(Number);
  return [first ?? 0, last ?? first ?? 0];
}

export function parseClusterNodes(reply: string): NodeView[] {
  return reply
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', , flags = '', master = '-', , , , , ...slots] = line.trim().split(' ');
      return {
        id,
        flags: flags.split(','),
        master: master === '-' ? undefined : master,
        // In brackets: a slot on its way, which still belongs to where it came from.
        slots: slots.filter((slot) => !slot.startsWith('[')).map(slotRange),
      };
    });
}

export async function clusterView(call: Call): Promise<NodeView[]> {
  return parseClusterNodes(String(await call('CLUSTER', 'NODES')));
}

/** Held to be dead, or on the way there. */
export function isSuspected({ flags }: NodeView): boolean {
  return flags.includes('fail') || flags.includes('fail?');
}

export function owns({ slots }: NodeView, slot: number): boolean {
  return slots.some(([first, last]) => first <= slot && slot <= last);
}

export function slotsOf({ slots }: Pick<NodeView, 'slots'>): number[] {
  return slots.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

/** Two nodes agree when they name the same masters with the same slots, and the same replicas. */
export function fingerprint(view: readonly NodeView[]): string {
  return view
    .map(({ id, master, slots }) => `${id} ${master ?? 'master'} ${JSON.stringify(slots)}`)
    .sort()
    .join('\n');
}
