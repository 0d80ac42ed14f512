import type { AuditHead, AuditRecord } from '@parley/hub-protocol';
import { looseAt, recordsOfFile, recordsOfHub, type ChainEnd } from '../../audit/records.ts';
import { verifyChain, type Verdict } from '../../audit/verify.ts';
import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { facts } from '../../facts.ts';

/** Sealing takes some seconds, also when the node dies that seals. */
const patienceMs = 60_000;

export const hubVerify = defineCommand({
  path: ['hub', 'verify'],
  summary: 'Proves that nothing in the audit log was changed, removed or put in between',
  about: [
    'Every seal is made anew here, from the first entry on; nothing is believed of the hub. Ends with 0 when the chain is whole and what was done lately is sealed, too, and with 1 otherwise: then the first place at which it is broken is named.',
    'Somebody who rewrites the whole chain, or cuts off its end, is found out by a head that was noted down elsewhere before: give it with --head. Each run tells the head of now.',
  ],
  args: [],
  options: {
    file: {
      type: 'text',
      value: 'FILE',
      summary: 'Without the hub: what parley audit export wrote, or - for standard input',
    },
    head: { type: 'text', value: 'SEQ:HASH', summary: 'A head of before, through which the chain must go' },
  },
  examples: [
    { line: 'parley hub verify', says: 'The audit log of the hub, for administrators' },
    { line: 'parley hub verify --file audit.jsonl', says: 'One that was exported, without any hub' },
  ],
  async run({ world, out, hub }, { options: { file, head } }) {
    const noted = head === undefined ? undefined : headIn(head);
    let end: ChainEnd | undefined;
    const call = file === undefined ? (await hub()).call : undefined;
    const records =
      call === undefined
        ? recordsOfFile(file ?? '-', world.stdin)
        : withEnd(recordsOfHub(call), (said) => (end = said));
    const verdict = await verifyChain(records, noted);
    const loose = call === undefined ? null : await looseAt(call);
    const { waiting, waitingMs, lost } = end ?? { waiting: 0, waitingMs: 0, lost: null };
    const stuck = waitingMs > patienceMs;
    const isSound = verdict.fault === null && verdict.known !== false;
    const whole = isSound && loose === null && lost === null && !stuck;
    const result = { whole, ...verdict, waiting, waitingMs, lost, loose };
    await out.result(
      result,
      facts([
        ['audit log', whole ? 'whole' : 'broken'],
        ['sealed entries', String(verdict.sealed)],
        ['head', `${verdict.head.seq}:${verdict.head.hash}`],
        ['waiting for a seal', waiting === 0 ? undefined : String(waiting)],
        ['first fault', faultText(verdict, { loose, lost, waitingMs, stuck })],
      ]),
    );
    return whole ? exitCodes.ok : exitCodes.failed;
  },
});

async function* withEnd(
  records: AsyncGenerator<AuditRecord, ChainEnd>,
  onEnd: (end: ChainEnd) => void,
): AsyncGenerator<AuditRecord> {
  onEnd(yield* records);
}

interface Unsealed {
  readonly loose: string | null;
  readonly lost: string | null;
  readonly waitingMs: number;
  readonly stuck: boolean;
}

function faultText(
  { fault, known, head }: Verdict,
  { loose, lost, waitingMs, stuck }: Unsealed,
): string | undefined {
  if (fault !== null) {
    const { seq, what, entryId } = fault;
    if (what === 'hole') return `number ${seq} is not there`;
    if (what === 'gone') return `the entry with number ${seq} was removed`;
    return `the entry with number ${seq} was altered (${entryId})`;
  }
  if (known === false) return `the chain does not go through the head that was given; it ends at ${head.seq}`;
  if (loose !== null) return `the entry ${loose} has no seal, and does not wait for one`;
  if (lost !== null) return `the entry ${lost} was removed before it was sealed`;
  return stuck ? `sealing stands still: an entry waits for ${Math.round(waitingMs / 1_000)} s` : undefined;
}

function headIn(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw usageError('--head must be what parley hub verify told as the head: a number, a colon and a hash');
  return { seq: Number(seq), hash };
}
