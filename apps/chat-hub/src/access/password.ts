import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createBulkhead } from '@parley/cache-core/kernel';

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About 50 ms and 32 MiB; stored with each hash, so that it can be raised without locking anybody out. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 1 };
const keyBytes = 32;

/** Each takes tens of milliseconds of a thread: many at once would keep files and names from being looked up. */
const turns = createBulkhead({ maxRunning: 2, maxQueued: 64, name: 'passwords' });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await turns.run(() => derive(password, salt, cost));
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long for somebody who does not exist, so that nobody learns who does. */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const known = stored === undefined ? undefined : parse(stored);
  const { salt, key, ...rest } = known ?? { ...cost, salt: randomBytes(16), key: Buffer.alloc(keyBytes) };
  const derived = await turns.run(() => derive(password, salt, rest));
  return timingSafeEqual(derived, key) && known !== undefined;
}

function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  // The same letters can be typed as different characters.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function parse(stored: string): Cost & { readonly salt: Buffer; readonly key: Buffer } {
  const [kind, N, r, p, salt, key] = stored.split('$');
  if (kind !== 'scrypt' || salt === undefined || key === undefined)
    throw new Error('a stored password is not of a form that this version knows');
  return {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}
