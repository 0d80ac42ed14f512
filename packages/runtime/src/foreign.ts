/** What Kubernetes and Docker set for every service and linked container; a service called `redis` gets the names that begin with REDIS_. */
const linked = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/** Close to names of ours, and set by hosting platforms, images and tools. */
const known = new Set(
  [
    'REDISHOST REDISPORT REDISUSER REDISPASSWORD REDIS_TLS_URL REDIS_PUBLIC_URL REDIS_PRIVATE_URL',
    'REDISCLI_AUTH REDIS_VERSION REDIS_PROVIDER REDIS_PASSWORD_FILE REDIS_TLS_PORT REDIS_TLS_ENABLED',
    'REDIS_PORT_NUMBER REDIS_DATABASE REDIS_DATA_DIR REDIS_MASTER_HOST REDIS_MASTER_PASSWORD',
  ].flatMap((names) => names.split(' ')),
);

/** Whether a platform put the variable there, for whatever reasons of its own. */
export function isForeign(name: string, value: string): boolean {
  if (known.has(name) || linked.test(name) || isLink(name, value)) return true;
  // A linked container says what it is called by whom, and all of its environment: REDIS_NAME=/web/redis, REDIS_ENV_PATH=...
  return (name.endsWith('_NAME') && value.startsWith('/')) || /^[A-Z\d_]+_ENV_\w+$/.test(name);
}

/** `REDIS_PORT=tcp://10.0.0.1:6379`: a name of ours with a value of theirs. */
export function isLink(name: string, value: string): boolean {
  return name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value);
}
