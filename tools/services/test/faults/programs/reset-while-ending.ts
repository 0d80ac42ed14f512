import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { resetSocket } from '../../../src/faults/reset-socket.ts';

const server = createServer({ allowHalfOpen: true }, (socket) =>
  socket
    .on('error', () => {})
    .resume()
    .on('end', () => socket.end()),
);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const socket = connect({ host: '127.0.0.1', port: address.port });
await once(socket, 'connect');
socket.end();
resetSocket(socket);
await once(socket, 'close');
server.close();
await once(server, 'close');
process.stdout.write('closed');
