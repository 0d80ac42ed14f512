import type { Access } from '../../access/access.ts';
import { avatarOf } from '../../chat/avatar.ts';
import type { Handlers } from '../handler.ts';
import { readPage } from '../paging.ts';

type Names =
  | 'listUsers'
  | 'readUser'
  | 'readAvatar'
  | 'createUser'
  | 'updateUser'
  | 'deactivateUser'
  | 'reactivateUser'
  | 'createSetupCode';

export function userHandlers({ access }: { readonly access: Access }): Pick<Handlers, Names> {
  const { users } = access;
  return {
    listUsers: ({ query: { limit, cursor, ...wanted }, signal }) =>
      readPage(
        { limit, cursor },
        (after, limit) => users.list({ ...wanted, after, limit }, { signal }),
        ({ handle }) => handle,
      ),
    readUser: ({ params, signal }) => users.read(params.userId, { signal }),
    async readAvatar({ params, signal }) {
      const { id, kind } = await users.read(params.userId, { signal });
      return avatarOf(id, kind);
    },
    async createUser({ caller, body, signal }) {
      const user = await users.create(caller, body, { signal });
      return { user, setup: await access.createSetupCode(caller, user.id, { signal }) };
    },
    updateUser: ({ caller, params, body, signal }) => users.update(caller, params.userId, body, { signal }),
    deactivateUser: ({ caller, params, signal }) => users.deactivate(caller, params.userId, { signal }),
    reactivateUser: ({ caller, params, signal }) => users.reactivate(caller, params.userId, { signal }),
    createSetupCode: ({ caller, params, signal }) =>
      access.createSetupCode(caller, params.userId, { signal }),
  };
}
