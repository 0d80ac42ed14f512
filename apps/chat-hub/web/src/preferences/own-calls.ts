import { callHubAsAdmin } from '@parley/hub-client/admin';
import { url } from '../hub/sign-in.ts';

/** Routes that not every page carries: those of own sessions among them. */
export const ownCall = callHubAsAdmin({ url });
