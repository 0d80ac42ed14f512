export { postgresSessionStore } from './session/store.ts';
