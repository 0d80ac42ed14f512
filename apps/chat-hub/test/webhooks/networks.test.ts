import { expect, test } from 'vitest';
import { Networks } from '../../src/webhooks/networks.ts';

const internet = new Networks([]);

test.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
  '%s is of the internet',
  (address) => expect(internet.mayCall(address)).toBe(true),
);

const elsewhere =
  '0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1 198.18.0.1 224.0.0.1 255.255.255.255 192.0.2.1 :: ::1 fe80::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1:: ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 fe80::1%eth0 localhost 127.1 0x7f000001';

test.each(['', ...elsewhere.split(' ')])('%j is not', (address) =>
  expect(internet.mayCall(address)).toBe(false),
);

test('what is allowed may be called, and nothing beside it', () => {
  const own = new Networks(['10.1.0.0/16', '192.168.7.9', 'fd00:1::/32']);
  for (const address of ['10.1.2.3', '192.168.7.9', 'fd00:1::5', '8.8.8.8'])
    expect(own.mayCall(address)).toBe(true);
  for (const address of ['10.2.0.1', '192.168.7.10', 'fd00:2::5', '127.0.0.1'])
    expect(own.mayCall(address)).toBe(false);
});
