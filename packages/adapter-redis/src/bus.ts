export { redisBroker, type RedisBrokerOptions } from './bus/broker.ts';
