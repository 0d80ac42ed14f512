import type { CloseReason } from '../close-codes.ts';

/** Why a connection is closed with each code. */
export const closeProse: Readonly<Record<CloseReason, string>> = {
  malformed: 'A frame was no JSON object.',
  notText: 'Bytes were no UTF-8.',
  tooBig: 'A message had more bytes than allowed.',
  unauthenticated: 'No valid token or session, or it was revoked or has expired.',
  forbidden: 'The user was deactivated, or the origin of the page is not allowed.',
  helloTimeout: 'No `hello` came in time, or none as the first frame.',
  version: 'The hub does not speak this version.',
  tooLarge: 'A message had more frames than allowed, or more bytes.',
  tooMany: 'Too many frames, or too many connections.',
  internal: 'A defect of the hub.',
  goingAway: 'The node ends.',
  restart: 'The node drains; `goodbye` came before.',
  overloaded: 'The node has as many connections as it takes.',
};
