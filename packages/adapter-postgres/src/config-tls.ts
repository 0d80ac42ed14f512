import { InvalidArgument } from '@parley/cache-core/kernel';

export interface PostgresTls {
  /**
   * The authorities to trust, as PEM.
   *
   * @default those that Node trusts
   */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;

  /** The certificate of this client, as PEM. */
  readonly cert?: string | Buffer | undefined;

  /** Its private key, as PEM. */
  readonly key?: string | Buffer | undefined;

  /** What the key is encrypted with. */
  readonly passphrase?: string | undefined;

  /**
   * Whether the server must prove who it is. Without, anybody on the way can read and change everything.
   *
   * @default true
   */
  readonly verify?: boolean | undefined;
}

/** What the driver takes. */
export type TlsSettings =
  | false
  | {
      rejectUnauthorized: boolean;
      ca?: string | Buffer | (string | Buffer)[];
      cert?: string | Buffer;
      key?: string | Buffer;
      passphrase?: string;
    };

const fields = ['ca', 'cert', 'key', 'passphrase', 'verify'];

export function resolveTls(tls: boolean | PostgresTls): TlsSettings {
  if (tls === false) return false;
  if (tls === true) return { rejectUnauthorized: true };
  if (typeof tls !== 'object' || tls === null)
    throw new InvalidArgument('tls', 'true, false or an object', tls);
  for (const name of Object.keys(tls)) {
    if (!fields.includes(name)) throw new InvalidArgument('tls', `made of ${fields.join(', ')}`, name);
  }
  const { ca, cert, key, passphrase, verify = true } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new InvalidArgument(
      cert === undefined ? 'tls.cert' : 'tls.key',
      'given together with the other',
      undefined,
    );
  }
  return {
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca: typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
}
