export type { ExitStatus, Server, ServerProcess } from './server.ts';
