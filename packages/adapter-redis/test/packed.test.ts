import fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { Packer } from '../src/packed.ts';

const ascii = fc.string({ unit: 'binary-ascii', maxLength: 1_200 });
const bytes = fc.uint8Array({ maxLength: 300 });

/** What the driver sends for the words. */
function sent(name: string, words: readonly (string | Buffer)[]): Buffer {
  const command = new Command(name, [...words], { replyEncoding: null });
  command.stringifyArguments();
  return Buffer.from(command.toWritable({}));
}

test('a packed command is, byte for byte, what the driver would send', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ascii, bytes), { maxLength: 40 }), fc.double(), (pairs, number) => {
      const head = Buffer.alloc(12, 7);
      const filled = Buffer.from(head);
      filled.writeDoubleLE(number, 4);
      const size = pairs.reduce((sum, [text, tail]) => sum + text.length + head.length + tail.length, 3);
      const packer = new Packer(1 + 2 * pairs.length, size);
      packer.text('set');
      for (const [text, tail] of pairs) {
        packer.text(text);
        packer.bytes(head, [[4, number]], tail);
      }
      const words = pairs.flatMap(([text, tail]) => [text, Buffer.concat([filled, tail])]);
      expect(packer.finish('set')?.toWritable().equals(sent('set', words))).toBe(true);
    }),
  );
});

test('a text that is not ASCII is left to the driver', () => {
  const packer = new Packer(2, 20);
  packer.text('get');
  packer.text('k\u00e9y');
  expect(packer.finish('get')).toBeUndefined();
});
