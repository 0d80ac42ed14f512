import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { isSigned } from './s3-signature.ts';

// Run as a process of its own: an object store in a folder, for those who sign with the right key. The store that it is made of takes signatures
// of version 4 for good without a look.

interface Store {
  readonly configureBuckets: () => Promise<unknown>;
  readonly callback: () => (request: IncomingMessage, response: ServerResponse) => void;
}

interface StoreOptions {
  readonly directory: string;
  readonly silent: boolean;
  readonly vhostBuckets: boolean;
  readonly configureBuckets: readonly { readonly name: string; readonly configs: readonly string[] }[];
}

const S3rver: new (options: StoreOptions) => Store = createRequire(import.meta.url)('s3rver');

const [port = '', directory = '', bucket = '', accessKey = '', secretKey = ''] = process.argv.slice(2);
const store = new S3rver({
  directory,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket, configs: [] }],
});
await store.configureBuckets();
const answer = store.callback();
createServer((request, response) => {
  if (isSigned(request, { accessKey, secretKey })) {
    // The store would look up the key, and knows but one of its own.
    delete request.headers.authorization;
    answer(request, response);
    return;
  }
  request.resume();
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
}).listen(Number(port), '127.0.0.1');
