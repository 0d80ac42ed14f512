import { io } from 'socket.io-client';
import type { ClientOptions, FanoutClient } from './lean-client.ts';
import { markIn } from './mark.ts';

/** The client that Socket.IO brings, with all that it does for each message. */
export async function openOwnClient({ url, member, onRead, onFault }: ClientOptions): Promise<FanoutClient> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  const ready = Promise.withResolvers<void>();
  const fail = (message: string): void => {
    const error = new Error(`client ${member}: ${message}`);
    ready.reject(error);
    onFault(error);
  };
  socket.on('connect', () => ready.resolve());
  socket.on('connect_error', (error) => fail(error.message));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') fail(`the connection was lost: ${reason}`);
  });
  socket.on('message', (content: string) => {
    const mark = markIn(content);
    onRead({ marks: mark === undefined ? [] : [mark], others: [] }, content.length);
  });
  await ready.promise;
  return {
    say: (content) => void socket.emit('message', content),
    close: () => void socket.disconnect(),
  };
}
