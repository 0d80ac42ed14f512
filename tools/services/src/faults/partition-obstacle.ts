import { readFile } from 'node:fs/promises';

/** CAP_NET_ADMIN, as a bit of what `/proc/self/status` shows. */
const NET_ADMIN = 1n << 12n;

/** What a partition asks of the machine. */
interface PartitionMachine {
  readonly platform: string;
  readonly uid: number | undefined;
  /** The text of `/proc/self/status`. */
  readonly status: () => Promise<string>;
}

const thisMachine: PartitionMachine = {
  platform: process.platform,
  uid: process.getuid?.(),
  status: () => readFile('/proc/self/status', 'utf8'),
};

/** Why there can be no partition here; undefined where there can. */
export async function noPartitionBecause(machine = thisMachine): Promise<string | undefined> {
  if (machine.platform !== 'linux') return `this is ${machine.platform}, not Linux`;
  const status = await machine.status();
  const capabilities = BigInt(`0x${/^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  if ((capabilities & NET_ADMIN) !== 0n) return undefined;
  return machine.uid === 0 ? 'this root has no CAP_NET_ADMIN' : 'this user is not root';
}
