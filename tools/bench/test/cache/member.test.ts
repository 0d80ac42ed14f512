import { expect, onTestFinished, test } from 'vitest';
import { Member } from '../../benches/cache/member.ts';

const file = new URL('../processes/member.ts', import.meta.url);

async function start(): Promise<Member<string, string>> {
  const member = await Member.start<string, string>(file, { greeting: 'hello' }, { NAME: 'Ada' });
  onTestFinished(() => member.stop());
  return member;
}

test('a member is ready when it says so, and answers with what it was set up with', async () => {
  const member = await start();
  expect(await member.ask('greet')).toBe('hello Ada');
  expect(await member.ask('greet')).toBe('hello Ada');
});

test('the question to a member that ends is rejected', async () => {
  const member = await start();
  await expect(member.ask('end')).rejects.toThrow('ended with 4');
});
