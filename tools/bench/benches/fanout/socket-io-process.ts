import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { readyToServe } from './ready-to-serve.ts';

/** Everybody is in one room; what one says is told to all who are in it. Nothing is kept, and nobody is told that it was heard. */
const { FANOUT_REDIS_URL: redisUrl = '', FANOUT_PREFIX: key = 'fanout' } = process.env;
const room = 'channel';
const [publisher, subscriber] = [new Redis(redisUrl), new Redis(redisUrl)];
const server = createServer();
const io = new Server(server, {
  adapter: createAdapter(publisher, subscriber, { key, publishOnSpecificResponseChannel: true }),
  transports: ['websocket'],
  serveClient: false,
});

io.on('connection', (socket) => {
  void socket.join(room);
  socket.on('message', (content: string) => void io.to(room).emit('message', content));
});

readyToServe(server, 'Socket.IO');
