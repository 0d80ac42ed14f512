import { expect, test } from 'vitest';
import { startS3 } from '../src/s3.ts';
import { isSigned } from '../src/s3-signature.ts';

const keys = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** The request that Amazon shows in its specification. */
const shown = {
  method: 'GET',
  url: '/test.txt',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
};

test('a signature is good for its request, and for no other', () => {
  expect(isSigned(shown, keys)).toBe(true);
  expect(isSigned({ ...shown, method: 'PUT' }, keys)).toBe(false);
  expect(isSigned({ ...shown, url: '/other.txt' }, keys)).toBe(false);
  expect(isSigned({ ...shown, headers: { ...shown.headers, range: 'bytes=0-' } }, keys)).toBe(false);
  expect(isSigned(shown, { ...keys, secretKey: 'other' })).toBe(false);
  expect(isSigned({ ...shown, headers: {} }, keys)).toBe(false);
});

test('an object store lets nobody in who does not sign, and keeps its port when it is killed', async () => {
  await using s3 = await startS3();
  const ask = async (): Promise<number> => (await fetch(`${s3.endpoint}/${s3.bucket}?list-type=2`)).status;
  expect(await ask()).toBe(403);
  await s3.kill();
  await expect(ask()).rejects.toThrow('fetch failed');
  await s3.start();
  expect(await ask()).toBe(403);
});
