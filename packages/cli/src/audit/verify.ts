import { ChainCheck, type AuditHead, type AuditRecord, type ChainFault } from '@parley/hub-protocol';

export interface Verdict {
  /** How many entries were found right, one after another. */
  readonly sealed: number;
  /** The last seal that was found right. */
  readonly head: AuditHead;
  readonly fault: ChainFault | null;
  /** Of a seal that was noted down: whether the chain goes through it. Null: none was given, or it lies behind a fault. */
  readonly known: boolean | null;
}

/** Goes along a chain until its end, or to the first fault. */
export async function verifyChain(
  records: AsyncIterator<AuditRecord, unknown>,
  noted?: AuditHead,
): Promise<Verdict> {
  const check = new ChainCheck();
  let known: boolean | null = null;
  const verdict = (fault: ChainFault | null): Verdict => ({
    sealed: check.head.seq,
    head: check.head,
    fault,
    known,
  });
  for (;;) {
    const next = await records.next();
    if (next.done === true) break;
    const fault = await check.add(next.value);
    if (fault !== undefined) return verdict(fault);
    if (check.head.seq === noted?.seq) known = check.head.hash === noted.hash;
  }
  // It ends before the seal that was there once.
  if (noted !== undefined && noted.seq > check.head.seq) known = false;
  return verdict(null);
}
