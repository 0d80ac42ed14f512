import type { Notice } from './feed.ts';
import type { Appended, Diff } from './view.ts';

/** What one notice says: diffs of a channel, or only how far its log has come. */
export interface Word {
  readonly epoch: string;
  readonly top: number;
  readonly diffs: readonly Diff[];
}

/** Of what is longer, only the place is told, and those who follow read it. */
const longest = 48 * 1024;

const events = ['join', 'update', 'leave'] as const;

/** The notices that tell of these, in their order. */
export function noticesOf(appended: readonly Appended[]): Notice[] {
  return appended.flatMap(({ channel, epoch, diffs }) => {
    const top = diffs.at(-1)?.offset;
    if (top === undefined) return [];
    const body = JSON.stringify([epoch, top, diffs.map(rowOf)]);
    return [
      { channel, body: body.length > longest / 3 && tooLong(body) ? JSON.stringify([epoch, top]) : body },
    ];
  });
}

/** Undefined for what nobody of us has said. */
export function wordOf(body: string): Word | undefined {
  try {
    const [epoch, top, rows = []]: unknown[] = listOf(JSON.parse(body));
    if (typeof epoch !== 'string' || typeof top !== 'number') return undefined;
    const diffs = listOf(rows).map((row) => diffOf(listOf(row)));
    return { epoch, top, diffs };
  } catch {
    return undefined;
  }
}

const tooLong = (body: string): boolean => new TextEncoder().encode(body).length > longest;

const rowOf = ({ event, offset, at, user, rank, value, endsInMs }: Diff): unknown[] => [
  events.indexOf(event),
  offset,
  at,
  user,
  rank,
  value,
  ...(endsInMs === undefined ? [] : [endsInMs]),
];

function diffOf([kind, offset, at, user, rank, value, endsInMs]: readonly unknown[]): Diff {
  const event = events[Number(kind)];
  if (event === undefined || typeof user !== 'string' || typeof value !== 'string')
    throw new TypeError('not a diff');
  const ends = typeof endsInMs === 'number' ? { endsInMs } : {};
  return { event, offset: Number(offset), at: Number(at), user, rank: Number(rank), value, ...ends };
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('not a list');
}
