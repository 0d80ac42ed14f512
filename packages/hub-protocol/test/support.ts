import { isHubError, type HubError } from '@parley/hub-protocol';

/** The error of the hub that a call throws; anything else fails the test. */
export function refusal(call: () => unknown): HubError {
  try {
    call();
  } catch (error) {
    if (isHubError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** An object of this depth: 1 is an object without objects in it. */
export function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = { end: true };
  for (let level = 1; level < depth; level += 1) value = { down: value };
  return value;
}

export const channelId = '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a01';
export const messageId = '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a04';

/** An id of its own for each number. */
export function idOf(number: number): string {
  return `018dcd8a-0b80-7c4e-9a51-${number.toString(16).padStart(12, '0')}`;
}
