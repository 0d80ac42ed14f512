export { postgresPresenceStore } from './presence/store.ts';
