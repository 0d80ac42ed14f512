import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** What a socket is to who writes to it. */
export interface SocketEnd {
  readonly isOpen: boolean;
  /** Bytes that were not taken yet. */
  readonly bufferedAmount: number;
  /** Writes whole frames; `taken` is called when they have been, or never will be. */
  readonly write: (frames: Buffer, taken: () => void) => void;
  readonly close: (code: number) => void;
}

/**
 * Writes frames that are encoded already: `ws` would make a head for each socket, and two pieces of each write. It writes its own in one go as
 * well, as nothing is compressed, so that neither comes in between the other's.
 */
export function socketEnd(ws: WebSocket, socket: Duplex): SocketEnd {
  return {
    get isOpen() {
      return ws.readyState === ws.OPEN;
    },
    get bufferedAmount() {
      return ws.bufferedAmount;
    },
    write: (frames, taken) => void socket.write(frames, taken),
    close: (code) => ws.close(code),
  };
}
