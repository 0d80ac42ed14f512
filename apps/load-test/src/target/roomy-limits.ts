/**
 * Everything that people and agents do is counted, as always, and so much of it is allowed that nobody is held up: a few agents say what
 * thousands would. Open sockets are not limited: there may be more than can be allowed.
 */
export const roomyLimits = [
  'change',
  'connect',
  'message',
  'reaction',
  'read',
  'search',
  'stream',
  'typing',
  'upload',
  'address',
  'address.connect',
  'sign-in',
  'sign-in.address',
  'sign-in.handle',
]
  .map((name) => `${name}=1000000`)
  .concat('sockets=off')
  .join(',');
