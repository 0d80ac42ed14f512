import {
  byAddress,
  byHeader,
  headerIdentity,
  type AddressOptions,
  type Caller,
} from '@parley/ratelimit/http';
import { describe, expect, it } from 'vitest';

const caller = (address: string | undefined, forwarded?: string, field = 'x-forwarded-for'): Caller => ({
  address,
  header: (name) => (name === field ? forwarded : undefined),
});

describe('who has an address', () => {
  const proxies = { trust: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'] };
  it.each<[string, AddressOptions, string | undefined, string | undefined, string]>([
    ['the connection alone counts', {}, '10.1.1.1', '198.51.100.1', '10.1.1.1'],
    ['an empty list trusts nobody', { trust: [] }, '10.1.1.1', '198.51.100.1', '10.1.1.1'],
    ['a proxy is believed', proxies, '10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['a mapped address of one too', proxies, '::ffff:10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['and one of IPv6', proxies, 'fd12::1', '2001:db8::9', '2001:db8::/64'],
    ['a stranger is not', proxies, '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['what a client wrote is not', proxies, '10.1.1.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['proxies one after another', proxies, '10.1.1.1', '1.1.1.1, 198.51.100.1, 192.0.2.1', '198.51.100.1'],
    ['all are proxies', proxies, '10.1.1.1', '10.1.1.3, 10.1.1.2', '10.1.1.3'],
    ['nothing is told', proxies, '10.1.1.1', undefined, '10.1.1.1'],
    ['what is no address ends it', proxies, '10.1.1.1', '198.51.100.1, unknown, 10.1.1.2', '10.1.1.2'],
    ['ports do not matter', proxies, '10.1.1.1', '198.51.100.1:4711', '198.51.100.1'],
    ['nor with IPv6', proxies, '10.1.1.1', '[2001:db8::9]:4711', '2001:db8::/64'],
    ['one proxy by number', { trust: 1 }, '10.1.1.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['two proxies by number', { trust: 2 }, '10.1.1.1', '1.1.1.1, 198.51.100.1', '1.1.1.1'],
    ['more proxies than there are', { trust: 5 }, '10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['no address at all', proxies, undefined, '198.51.100.1', 'unknown'],
    ['wider subnets', { v4: 24, v6: 48 }, '198.51.100.7', undefined, '198.51.100.0/24'],
    ['wider subnets of IPv6', { v4: 24, v6: 48 }, '2001:db8:1:2::3', undefined, '2001:db8:1::/48'],
  ])('%s', (_case, options, address, forwarded, identity) => {
    expect(byAddress(options)(undefined, caller(address, forwarded))).toBe(identity);
  });

  it('is read from the field that the proxies write', () => {
    const identify = byAddress({ trust: 1, forwarded: 'CF-Connecting-IP' });
    expect(identify(undefined, caller('10.1.1.1', '198.51.100.1', 'cf-connecting-ip'))).toBe('198.51.100.1');
  });

  it.each<[AddressOptions, string]>([
    [{ trust: ['10.0.0.0/33'] }, 'trust'],
    [{ trust: ['fd00::/129'] }, 'trust'],
    [{ trust: ['10.0.0.0/'] }, 'trust'],
    [{ trust: ['proxy.example'] }, 'trust'],
    [{ trust: -1 }, 'trust'],
    [{ trust: 0.5 }, 'trust'],
    [{ v6: 129 }, 'v6'],
    [{ v4: -1 }, 'v4'],
  ])('cannot be told by %o', (options, field) => {
    expect(() => byAddress(options)).toThrow(expect.objectContaining({ field }));
  });
});

describe('who sends a value', () => {
  const identify = byHeader('X-Api-Key');

  it('is the same for the same value, and never the value', () => {
    const identity = identify(undefined, caller('10.1.1.1', 'secret', 'x-api-key'));
    expect(identity).toBe(headerIdentity('x-api-key', 'secret'));
    expect(identity).not.toContain('secret');
  });

  it('is nobody without one', () => {
    expect(identify(undefined, caller('10.1.1.1'))).toBeUndefined();
    expect(identify(undefined, caller('10.1.1.1', '', 'x-api-key'))).toBeUndefined();
  });

  it('cannot pose as an address, nor outgrow a key', () => {
    expect(headerIdentity('x-api-key', '198.51.100.1')).not.toContain('198.51.100.1');
    expect(headerIdentity('x-api-key', 'x'.repeat(100_000))).toHaveLength(32);
  });
});
