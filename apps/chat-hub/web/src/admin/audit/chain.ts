import { ChainCheck, limits, type AuditHead, type AuditRecord, type ChainFault } from '@parley/hub-protocol';
import { callAny } from '../../hub/call-any.ts';

/** Sealing takes some seconds, also when the node dies that seals. */
const patienceMs = 60_000;

interface ChainEnd {
  readonly waiting: number;
  readonly waitingMs: number;
  readonly lost: string | null;
}

/** The chain as the hub has it, page by page; answers with what it says of the end. */
export async function* chainPages(signal: AbortSignal): AsyncGenerator<readonly AuditRecord[], ChainEnd> {
  for (let after = 0; ;) {
    const page = await callAny('readAuditChain', { query: { after, limit: limits.page }, signal });
    if (page.items.length > 0) yield page.items;
    const last = page.items.at(-1)?.seq ?? after;
    // What it wrongly says must not make us ask for ever.
    if (page.items.length < limits.page || last <= after) {
      const { waiting, waitingMs, lost } = page;
      return { waiting, waitingMs, lost };
    }
    after = last;
  }
}

export interface ChainVerdict {
  readonly head: AuditHead;
  readonly waiting: number;
  /** What is wrong with it. Undefined: it is whole. */
  readonly fault: string | undefined;
}

/**
 * Makes every seal anew, here: nothing is believed of the hub.
 *
 * @param noted a head of before, through which the chain has to go
 */
export async function checkChain(
  signal: AbortSignal,
  onProgress: (checked: number) => void,
  noted?: AuditHead,
): Promise<ChainVerdict> {
  const check = new ChainCheck();
  const pages = chainPages(signal);
  let known = noted === undefined;
  let end: ChainEnd;
  for (;;) {
    const next = await pages.next();
    if (next.done === true) {
      end = next.value;
      break;
    }
    for (const record of next.value) {
      const fault = await check.add(record);
      if (fault !== undefined) return { head: check.head, waiting: 0, fault: faultText(fault) };
      if (check.head.seq === noted?.seq) known = check.head.hash === noted.hash;
    }
    onProgress(check.head.seq);
  }
  const { waiting, waitingMs, lost } = end;
  const loose = await looseAt(signal);
  const told = (fault: string | undefined): ChainVerdict => ({ head: check.head, waiting, fault });
  if (!known)
    return told(
      'The chain does not go through the head that you noted: it was written anew, or its end was cut off.',
    );
  if (loose !== null) return told(`The entry ${loose} has no seal, and does not wait for one.`);
  if (lost !== null) return told(`The entry ${lost} was removed before it was sealed.`);
  if (waitingMs > patienceMs)
    return told(`Sealing stands still: an entry waits for ${Math.round(waitingMs / 1_000)} seconds.`);
  return told(undefined);
}

/** The first entry that is neither sealed nor waits for it. */
async function looseAt(signal: AbortSignal): Promise<string | null> {
  for (let after: string | undefined; ;) {
    const { loose, next } = await callAny('checkAudit', { query: { after }, signal });
    if (loose !== null || next === null || next === after) return loose;
    after = next;
  }
}

function faultText({ seq, what, entryId }: ChainFault): string {
  if (what === 'hole') return `Number ${seq} is not there.`;
  if (what === 'gone') return `The entry with number ${seq} was removed.`;
  return `The entry with number ${seq} was altered (${entryId ?? 'its id is gone, too'}).`;
}

/** `SEQ:HASH`, as it is told. */
export function readHead(text: string): AuditHead | undefined {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/u.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
