/** The words behind `parley` in a line of a shell: enough of a shell for the examples of help. */
export function parleyWords(line: string): string[] | undefined {
  const words = [...line.matchAll(/"([^"]*)"|\$\((.*)\)|[|;<>()]|[^\s"|;<>()]+/g)];
  const at = words.findIndex(([word]) => word === 'parley');
  if (at < 0) {
    const inner =
      words.find(([, , command]) => command !== undefined)?.[2] ?? /\$\((parley.*)\)/.exec(line)?.[1];
    return inner === undefined ? undefined : parleyWords(inner);
  }
  const rest = words.slice(at + 1);
  const end = rest.findIndex(([word]) => /^[|;<>()]$/.test(word));
  return (end < 0 ? rest : rest.slice(0, end)).map(([word, quoted]) => quoted ?? word);
}
