import { agentAddress, channelAddress, globalAddress, readAddress } from '@parley/hub-protocol';
import { expect, it } from 'vitest';
import { channelId } from '../support.ts';

it('there are three kinds of address, by the documented names', () => {
  expect(channelAddress(channelId)).toBe(`channel:${channelId}`);
  expect(agentAddress(channelId)).toBe(`agent:${channelId}`);
  expect(globalAddress).toBe('global');
});

it('an address is read back', () => {
  expect(readAddress(channelAddress('a'))).toEqual({ kind: 'channel', channelId: 'a' });
  expect(readAddress(agentAddress('a'))).toEqual({ kind: 'agent', userId: 'a' });
  expect(readAddress(globalAddress)).toEqual({ kind: 'global' });
  for (const none of ['', 'channel:', 'user:a', 'globals']) expect(readAddress(none)).toBeUndefined();
});
