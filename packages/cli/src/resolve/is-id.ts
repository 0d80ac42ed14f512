/** The form of the protocol's ids, without the schemas: these weigh more than a dozen commands. */
const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a word is an id, and no name or handle. */
export function isId(word: string): boolean {
  return uuid7.test(word);
}
