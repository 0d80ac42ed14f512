import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { clientFrame, FrameSplitter, opcodes, serverFrame } from '../../benches/fanout/ws-frames.ts';

/** Around every place where the length of a frame is written otherwise. */
const lengths = [0, 1, 125, 126, 65_535, 65_536, 70_000];
const payloads = lengths.map((length) => Buffer.alloc(length, 'abc'));

test.each([
  [1, 4],
  [7, 4],
  [1_000, lengths.length],
  [1_000_000, lengths.length],
])('frames are found in pieces of %d bytes', (size, count) => {
  const sent = payloads.slice(0, count);
  const bytes = Buffer.concat(sent.map(serverFrame));
  const taken: Buffer[] = [];
  const splitter = new FrameSplitter((opcode, payload) => {
    expect(opcode).toBe(opcodes.text);
    taken.push(Buffer.from(payload));
  });
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
  expect(taken.map(({ length }) => length)).toEqual(lengths.slice(0, count));
  expect(Buffer.concat(taken).equals(Buffer.concat(sent))).toBe(true);
});

test('a message in parts, a compressed one and one with a mask are refused', () => {
  const splitter = () => new FrameSplitter(() => {});
  expect(() => splitter().push(Buffer.from([0x01, 0]))).toThrow('in parts, or compressed');
  expect(() => splitter().push(Buffer.from([0xc1, 0]))).toThrow('in parts, or compressed');
  expect(() => splitter().push(clientFrame(opcodes.text, Buffer.from('a')))).toThrow('masks');
});

test('ws understands the frames of either side', async () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  onTestFinished(() => {
    server.close();
    http.close();
  });
  const heard: Buffer[] = [];
  const all = Promise.withResolvers<void>();
  server.on('connection', (ws, { socket }) => {
    ws.on('message', (data: Buffer) => {
      heard.push(data);
      if (heard.length === payloads.length) all.resolve();
    });
    for (const payload of payloads) socket.write(serverFrame(payload));
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address: AddressInfo | string | null = http.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const told: Buffer[] = [];
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  onTestFinished(() => client.terminate());
  const { promise: allTold, resolve } = Promise.withResolvers<void>();
  client.on('upgrade', ({ socket }) => {
    for (const payload of payloads) socket.write(clientFrame(opcodes.text, payload));
  });
  client.on('message', (data: Buffer) => {
    told.push(data);
    if (told.length === payloads.length) resolve();
  });
  await Promise.all([all.promise, allTold]);
  expect([heard, told].map((some) => some.map(({ length }) => length))).toEqual([lengths, lengths]);
  expect([heard, told].every((some) => some.every((data, i) => payloads[i]?.equals(data)))).toBe(true);
});
