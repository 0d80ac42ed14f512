import { callHubAsAdmin } from '@parley/hub-client/admin';
import { url } from '../hub/sign-in.ts';

/** Any route, in the name of who is signed in. */
export const ask = callHubAsAdmin({ url });
