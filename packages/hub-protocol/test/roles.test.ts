import { effectiveScopes, outranks, roles, scopes } from '@parley/hub-protocol';
import { expect, it } from 'vitest';

it('an observer reads and does nothing else, whatever the token says', () => {
  expect(effectiveScopes('observer')).toEqual(['read']);
  expect(effectiveScopes('observer', scopes)).toEqual(['read']);
});

it('a token takes away from what the role allows, and adds nothing', () => {
  expect(effectiveScopes('owner', ['read', 'react'])).toEqual(['read', 'react']);
  expect(effectiveScopes('member', ['admin', 'write'])).toEqual(['write']);
  expect(effectiveScopes('admin', [])).toEqual([]);
});

it('only owners and admins administer', () => {
  expect(roles.filter((role) => effectiveScopes(role).includes('admin'))).toEqual(['owner', 'admin']);
});

it('an owner acts on everybody, the others on those below them', () => {
  expect(roles.filter((other) => outranks('owner', other))).toEqual(roles);
  expect(roles.filter((other) => outranks('admin', other))).toEqual(['member', 'observer']);
  expect(roles.filter((other) => outranks('observer', other))).toEqual([]);
});
