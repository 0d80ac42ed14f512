import type { Socket } from 'node:net';

/**
 * RST, as after a cut line. A socket whose FIN is on its way cannot send one: Node then fails with EINVAL, never closes the handle, and spins
 * at the end of the process. Its peer has heard that nothing more comes, so closing it must do.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
