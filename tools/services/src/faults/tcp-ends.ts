import { readFile } from 'node:fs/promises';

export interface TcpEnd {
  readonly localPort: number;
  readonly remotePort: number;
  /** `established`, `connecting`, or as the kernel numbers it. */
  readonly state: string;
  /** Bytes, and its end, that the other side has not confirmed. */
  readonly unconfirmed: number;
  /** How often it has sent the same again, since the last answer. */
  readonly retransmits: number;
}

const STATES: Readonly<Record<string, string>> = { '01': 'established', '02': 'connecting' };

const LISTENING = '0A';

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/**
 * What the kernel knows of the connections from or to a port of this machine: of each that is open, both ends, and also of those that a
 * process has closed before everything was said.
 */
export async function tcpEnds(port: number): Promise<TcpEnd[]> {
  const lines = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([, local = '', remote = '', state = '', queues = '', , retransmits = '']) => ({
      localPort: portOf(local),
      remotePort: portOf(remote),
      state: STATES[state] ?? state,
      unconfirmed: state === LISTENING ? 0 : Number.parseInt(queues.slice(0, 8), 16),
      retransmits: Number.parseInt(retransmits, 16),
    }))
    .filter(({ localPort, remotePort }) => localPort === port || remotePort === port);
}
