// To be imported first: the time of day of this process is wrong by so much, while its timers and its monotonic clock run as ever.
const offsetMs = Number(process.env['SKEW_MS'] ?? 0);
const real = Date;

globalThis.Date = new Proxy(real, {
  construct: (target, args) =>
    args.length === 0 ? new target(real.now() + offsetMs) : Reflect.construct(target, args),
  apply: () => new real(real.now() + offsetMs).toString(),
  get: (target, key) => (key === 'now' ? () => real.now() + offsetMs : Reflect.get(target, key)),
});
