import type { Writable } from 'node:stream';
import { Receiver } from 'ws';

// What reads frames in `ws` is exported and has no types.
declare module 'ws' {
  export class Receiver extends Writable {
    constructor(options: { readonly allowSynchronousEvents: boolean; readonly isServer: boolean });
  }
}

/** The texts of whole frames, as another program reads them. */
export function textsIn(frames: Buffer): string[] {
  const texts: string[] = [];
  const receiver = new Receiver({ allowSynchronousEvents: true, isServer: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) throw new TypeError('a frame is not of text');
    texts.push(data.toString());
  });
  receiver.write(frames);
  return texts;
}
