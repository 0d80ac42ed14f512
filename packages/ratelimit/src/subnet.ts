import { InvalidArgument, requireInteger } from '@parley/cache-core/kernel';

export interface SubnetOptions {
  /** How many bits of an IPv4 address tell callers apart. @default 32 */
  readonly v4?: number | undefined;
  /** How many bits of an IPv6 address: a home or a server has at least 64 bits of its own to choose from. @default 64 */
  readonly v6?: number | undefined;
}

/**
 * An address as an identity for limits: all addresses that one caller can choose from are one. IPv6 is written in one way only, and what is
 * mapped from IPv4 is IPv4.
 */
export function subnetOf(address: string, options: SubnetOptions = {}): string {
  const v4Bits = requireInteger('v4', options.v4 ?? 32, 0, 32);
  const v6Bits = requireInteger('v6', options.v6 ?? 64, 0, 128);
  const v4 = parseV4(address);
  if (v4 !== undefined) return writeV4(v4, v4Bits);
  const groups = parseV6(address);
  if (groups === undefined) throw new InvalidArgument('address', 'an IPv4 or IPv6 address', address);
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  const isMapped = [a, b, c, d, e].every((group) => group === 0) && f === 0xffff;
  if (isMapped) return writeV4([g >> 8, g & 0xff, h >> 8, h & 0xff], v4Bits);
  return writeV6(groups, v6Bits);
}

/** Whether `subnetOf` takes it. */
export const isAddress = (text: unknown): boolean =>
  parseV4(text) !== undefined || parseV6(text) !== undefined;

function parseV4(text: unknown): number[] | undefined {
  const parts =
    typeof text === 'string' ? (/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text) ?? []) : [];
  const bytes = parts.slice(1).map(Number);
  return bytes.length === 4 && bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: unknown): number[] | undefined {
  if (typeof text !== 'string' || text.length > 64) return undefined;
  // The zone says through which interface, not who.
  const [bare = ''] = text.split('%');
  const [head = '', tail, more] = bare.split('::');
  if (more !== undefined) return undefined;
  const before = parseGroups(head, tail === undefined);
  const after = tail === undefined ? [] : parseGroups(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** @param last whether they end the address: there an IPv4 address may stand for two of them */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const v4 = last && i === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** The first bits of a list of numbers, of so many bits each. */
const masked = (numbers: readonly number[], width: number, bits: number): number[] =>
  numbers.map((number, i) => {
    const keep = Math.min(width, Math.max(0, bits - i * width));
    return number - (number % 2 ** (width - keep));
  });

function writeV4(bytes: readonly number[], bits: number): string {
  const text = masked(bytes, 8, bits).join('.');
  return bits === 32 ? text : `${text}/${bits}`;
}

function writeV6(groups: readonly number[], bits: number): string {
  const words = masked(groups, 16, bits).map((group) => group.toString(16));
  const text = shorten(words);
  return bits === 128 ? text : `${text}/${bits}`;
}

/** The longest run of zeros is left out, once and the first of its length; one zero alone is written. */
function shorten(words: readonly string[]): string {
  let [start, length] = [0, 1];
  for (let from = 0; from < words.length; from++) {
    let end = from;
    while (words[end] === '0') end++;
    if (end - from > length) [start, length] = [from, end - from];
  }
  if (length === 1) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}
