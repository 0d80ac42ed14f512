export {
  expressSessionStore,
  type ExpressSession,
  type ExpressStore,
  type ExpressStoreOptions,
} from './express.ts';
export { fastifySessionStore, type FastifyStore } from './fastify.ts';
export { memorySessionStore } from './memory-session-store.ts';
export type { SessionData, SessionOptions } from './options.ts';
export { SessionConflict, SessionDataInvalid, SessionEnded } from './session-errors.ts';
export type {
  CreateVerdict,
  Ending,
  EndingOfUser,
  ListedSession,
  SessionCall,
  SessionFacts,
  SessionStore,
  SessionStoreCapabilities,
  SessionToCreate,
  SessionToRotate,
  SessionToWrite,
  StoredSession,
  Swept,
  WriteVerdict,
} from './session-store.ts';
export { sessionTroubles, type SessionTrouble } from './session-trouble.ts';
export type { IssuedSession, OwnedSession, Session, SessionInfo } from './session.ts';
export {
  createSessions,
  type CreateSession,
  type GetSession,
  type ListSessions,
  type RevokeAll,
  type Sessions,
  type SignIn,
  type WriteSession,
} from './sessions.ts';
export type { Visitor } from './visitor.ts';
export type { WebSession, WebSessionsOptions } from './web-sessions.ts';
