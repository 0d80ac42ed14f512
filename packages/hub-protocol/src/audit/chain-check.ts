import type { AuditHead, AuditRecord } from '../values/audit.ts';
import { firstSeal, sealOf } from './seal.ts';

/** Where the chain is broken first. */
export interface ChainFault {
  readonly seq: number;
  /** `hole`: no row has this number. `gone`: the entry that was sealed here is not there. `altered`: entry and seal do not fit. */
  readonly what: 'hole' | 'gone' | 'altered';
  readonly entryId: string | null;
}

/** Goes along the chain of the audit log from its beginning. Nothing is believed of who keeps it: each seal is made anew. */
export class ChainCheck {
  #seq = 0;
  #hash = firstSeal;

  /** The last seal that was found right. */
  get head(): AuditHead {
    return { seq: this.#seq, hash: this.#hash };
  }

  /** Undefined: this one follows the last one, and is what was sealed. After a fault there is nothing more to be asked. */
  async add({ seq, hash, entry }: AuditRecord): Promise<ChainFault | undefined> {
    const expected = this.#seq + 1;
    const entryId = entry?.id ?? null;
    if (seq !== expected) return { seq: expected, what: 'hole', entryId: null };
    if (entry === null) return { seq, what: 'gone', entryId };
    if (hash === null || (await sealOf(this.#hash, seq, entry)) !== hash)
      return { seq, what: 'altered', entryId };
    this.#seq = seq;
    this.#hash = hash;
    return undefined;
  }
}
