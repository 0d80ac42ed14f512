/** Tells of what is said while somebody looks elsewhere. */
export function Notifier() {
  return null;
}
