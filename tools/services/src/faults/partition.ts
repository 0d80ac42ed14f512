import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPrivilegeError } from '../errors.ts';
import { keeper } from '../keeper.ts';
import { programs } from '../programs.ts';
import { resolveProgram } from '../resolve.ts';
import { until } from '../until.ts';
import { noPartitionBecause } from './partition-obstacle.ts';
import { tcpEnds, type TcpEnd } from './tcp-ends.ts';

const run = promisify(execFile);

/** The pauses between two attempts double. */
const DELIVERY_MS = 60_000;

/**
 * A second address of every Linux machine's loopback interface. A server that listens there as well can be cut off from those who use it,
 * while all others, the test among them, go on asking it at 127.0.0.1.
 */
export const partitionHost = '127.0.0.2';

export interface PartitionAddress {
  /** Of the loopback interface. */
  readonly host: string;
  readonly port: number;
}

export interface Partition extends AsyncDisposable {
  /** Ends it; resolves when packets pass. TCP then sends again what was lost, on connections that both sides still have. */
  heal(): Promise<void>;
  /**
   * Resolves when the kernel has sent the same again so often, without an answer: the fourth time is some three seconds after the first
   * sending, and the fifth as long after the fourth.
   */
  inVain(times: number): Promise<void>;
  /**
   * Resolves when everything that was lost has been sent again and confirmed, also what connections still had to say that a process has
   * given up: the kernel sends that for minutes. For a moment in which nobody says anything new for long.
   */
  delivered(): Promise<void>;
}

/**
 * `nft -i` lives as long as its standard input has somebody who may still write. It holds the end to write to itself, so it lives until it is
 * killed. `exec` leaves one process, the one that the keeper signals and that the kernel ends with the keeper.
 */
const HOLDER = 'mkfifo lines && exec <>lines && cat rules >&0 && exec "$0" -i';

/**
 * From now on every packet to or from these addresses is lost in the kernel, and nobody is told: open connections stay open on both sides
 * and hear nothing, not even of the other's end; new ones are neither accepted nor refused.
 *
 * Why rules for ports of the loopback interface, rather than a server in a network namespace behind a pair of veth devices: a server need
 * not know that it will be cut off, it keeps its address and its clients, and starts by every way there is, containers included. Packets
 * are dropped where they arrive and before anything looks at them, so that a sender learns nothing either.
 *
 * The rules are a table of `nft` that belongs to one process (`flags owner`), a child of the keeper: the kernel removes the table in the
 * moment in which that process ends. So a partition ends with `heal()`, with the keeper, and with a keeper or an owner that is killed, and
 * there is no moment in which a rule without an owner exists.
 */
export async function startPartition(
  ...addresses: readonly [PartitionAddress, ...PartitionAddress[]]
): Promise<Partition> {
  for (const address of addresses) requireLoopback(address);
  const obstacle = await noPartitionBecause();
  if (obstacle !== undefined)
    throw new MissingPrivilegeError('A partition drops packets in the kernel', obstacle);
  const nft = await nftProgram();
  const own = await keeper();
  const folder = await own.createFolder('partition');
  const log = join(folder, 'output');
  const table = `parley_${process.pid}_${randomUUID().slice(0, 8)}`;
  await writeFile(join(folder, 'rules'), rules(table, addresses));
  const holder = await own.spawn({
    program: '/bin/sh',
    args: ['-c', HOLDER, nft],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8' },
    log,
  });
  let healed: Promise<void> | undefined;
  const heal = async (): Promise<void> => {
    await holder.kill();
    await own.removeFolder(folder);
  };
  try {
    await until(() => run(nft, ['list', 'table', 'ip', table]).then(() => true), {
      what: `the packets of ${addresses.map(({ host, port }) => `${host}:${port}`).join(', ')} are dropped`,
      deadline: 10_000,
      every: 5,
      process: { ...holder, output: () => readFile(log, 'utf8') },
    });
  } catch (error) {
    await heal();
    throw error;
  }
  const ends = async (): Promise<TcpEnd[]> =>
    (await Promise.all(addresses.map(({ port }) => tcpEnds(port)))).flat();
  return {
    heal: () => (healed ??= heal()),
    async inVain(times) {
      const again = async (): Promise<boolean> => (await ends()).some((end) => end.retransmits >= times);
      await until(again, { what: `the same was sent again ${times} times`, deadline: DELIVERY_MS });
    },
    async delivered() {
      const nothing = async (): Promise<boolean> => (await ends()).every((end) => end.unconfirmed === 0);
      await until(nothing, { what: 'everything that was lost has arrived', deadline: DELIVERY_MS });
    },
    [Symbol.asyncDispose]: () => (healed ??= heal()),
  };
}

/** One line: `nft -i` makes of each line a transaction. */
function rules(table: string, addresses: readonly PartitionAddress[]): string {
  const drops = addresses.flatMap(({ host, port }) => [
    `ip daddr ${host} tcp dport ${port} drop;`,
    `ip saddr ${host} tcp sport ${port} drop;`,
  ]);
  const chain = `chain arriving { type filter hook prerouting priority -300; policy accept; ${drops.join(' ')} }`;
  return `table ip ${table} { flags owner; ${chain}; }\n`;
}

/** A rule must never reach further than this machine. */
function requireLoopback({ host, port }: PartitionAddress): void {
  if (isIPv4(host) && host.startsWith('127.') && Number.isInteger(port) && port > 0 && port < 65_536) return;
  throw new RangeError(`startPartition: must be an address of the loopback interface, not ${host}:${port}`);
}

async function nftProgram(): Promise<string> {
  const found = await resolveProgram(programs.nftables);
  if (found.way === 'docker') throw new Error('nft has no container image');
  return join(found.folder, 'nft');
}
