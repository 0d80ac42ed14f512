import { readFile } from 'node:fs/promises';

export interface TcpEnd {
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: string;
  /** How often it has sent the same again, since the last answer. */
  readonly retransmits: number;
}

const STATES: Readonly<Record<string, string>> = { '01': 'established', '02': 'connecting' };

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/** What the kernel knows of the connections from or to a port: of each that is open, both ends. */
export async function tcpEnds(port: number): Promise<TcpEnd[]> {
  const lines = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([, local = '', remote = '', state = '', , , retransmits = '']) => ({
      localPort: portOf(local),
      remotePort: portOf(remote),
      state: STATES[state] ?? state,
      retransmits: Number.parseInt(retransmits, 16),
    }))
    .filter(({ localPort, remotePort }) => localPort === port || remotePort === port);
}
