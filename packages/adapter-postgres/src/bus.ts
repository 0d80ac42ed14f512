export { postgresBroker } from './bus/broker.ts';
export type { AppendedIn, PostgresBroker, PostgresBrokerOptions } from './bus/broker.ts';
