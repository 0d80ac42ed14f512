import type { CallAnyRoute } from '@parley/hub-client/admin';

let loading: Promise<CallAnyRoute> | undefined;

/** Loaded when somebody moderates or manages for the first time: to read and write it is not needed. */
async function load(): Promise<CallAnyRoute> {
  const { callHubAsAdmin } = await import('@parley/hub-client/admin');
  return callHubAsAdmin({ url: location.origin });
}

/** Calls any route of the hub, those of moderators and administrators among them. */
export const callAny: CallAnyRoute = async (name, ...given) => {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  const call = await loading;
  return call(name, ...given);
};
