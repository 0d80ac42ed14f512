const mostNamed = 2;

/** Who types, in one sentence: people by name, agents by number as soon as there are several. */
export function typingText(people: readonly string[], agents: readonly string[]): string {
  const named = people.slice(0, mostNamed);
  const rest = people.length - named.length;
  if (rest > 0) named.push(rest === 1 ? '1 other' : `${rest} others`);
  const [agent] = agents;
  if (agents.length === 1 && agent !== undefined) named.push(agent);
  if (agents.length > 1) named.push(people.length === 0 ? 'several agents' : `${agents.length} agents`);
  const last = named.pop();
  if (last === undefined) return '';
  const text = named.length === 0 ? last : `${named.join(', ')} and ${last}`;
  const one = people.length + agents.length === 1;
  const sentence = `${text} ${one ? 'is' : 'are'} typing…`;
  return people.length === 0 ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : sentence;
}
