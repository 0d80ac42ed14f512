import { BlockList, isIP } from 'node:net';

/** Not of the internet: this machine, private networks, those for documentation, and what is sent to many. */
const closed4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4';
/** What is not in here is not of the internet either; an address of version 4 in the clothes of version 6 is not. */
const open6 = '2000::/3';
/** But these lead elsewhere: tunnels into version 4, and documentation. */
const closed6 = '2001::/23 2001:db8::/32 2002::/16';

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const version = isIP(address);
    if (version === 0) continue;
    const whole = version === 4 ? 32 : 128;
    list.addSubnet(address, bits === undefined ? whole : Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const closed = listOf([...closed4.split(' '), ...closed6.split(' ')]);
const open = listOf([open6]);

/** Which addresses may be called. */
export class Networks {
  readonly #allowed: BlockList;

  /** @param allowed networks that may be called although they are not of the internet */
  constructor(allowed: readonly string[]) {
    this.#allowed = listOf(allowed);
  }

  mayCall(address: string): boolean {
    const version = isIP(address);
    if (version === 0) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (this.#allowed.check(address, family)) return true;
    if (closed.check(address, family)) return false;
    return version === 4 || open.check(address, family);
  }
}
