import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

type Headers = IncomingMessage['headers'];

/** Whether a request is signed with this key, by version 4 of the signatures of Amazon. Written from their specification: what is tested signs with other code. */
export function isSigned(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  { accessKey, secretKey }: { readonly accessKey: string; readonly secretKey: string },
): boolean {
  const { headers, method = 'GET', url = '/' } = request;
  const [, credential = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [key, date = '', region = '', service = '', last = ''] = credential.split('/');
  const moment = String(headers['x-amz-date'] ?? '');
  if (key !== accessKey || last !== 'aws4_request' || !moment.startsWith(date)) return false;
  const names = signed.split(';');
  // A signature over neither host nor moment would be good anywhere, for ever.
  if (!['host', 'x-amz-date'].every((name) => names.includes(name))) return false;
  const [path = '', search = ''] = url.split('?');
  const canonical = [
    method,
    path,
    search.split('&').toSorted().join('&'),
    ...names.map((name) => `${name}:${valueOf(headers, name)}`),
    '',
    signed,
    String(headers['x-amz-content-sha256'] ?? ''),
  ].join('\n');
  const scope = `${date}/${region}/${service}/${last}`;
  const text = ['AWS4-HMAC-SHA256', moment, scope, sha256(canonical)].join('\n');
  const derived = [date, region, service, last].reduce<Buffer>(
    (from, part) => hmac(from, part),
    Buffer.from(`AWS4${secretKey}`),
  );
  return timingSafeEqual(hmac(derived, text), Buffer.from(signature, 'hex'));
}

function valueOf(headers: Headers, name: string): string {
  return [headers[name] ?? ''].flat().join(',').trim().replaceAll(/ +/g, ' ');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
