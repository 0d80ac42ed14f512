/** What is filled in; fields that are empty are left out. */
export function filled(form: HTMLFormElement): Record<string, string | undefined> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && value.trim() !== '') fields[name] = value;
  return fields;
}
