import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { Field } from '../ui/field.tsx';
import { handleOf } from './handle-of.ts';
import { wrongField } from './wrong-field.ts';

/** What somebody is called. The handle follows the name until somebody types one. */
export function NameFields({ error, example }: { readonly error: unknown; readonly example: string }) {
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string>();
  return (
    <>
      <Field
        label="Name"
        name="displayName"
        dir="auto"
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder={example}
        maxLength={limits.displayName}
        autoComplete="off"
        error={wrongField(error, 'displayName')}
        autoFocus
        required
      />
      <Field
        label="Handle"
        name="handle"
        value={typed ?? handleOf(name)}
        onChange={(event) => setTyped(event.target.value)}
        hint="By which others mention them: lowercase letters, digits, “-”, “_” or “.”."
        minLength={limits.handleMin}
        maxLength={limits.handle}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        error={wrongField(error, 'handle')}
        required
      />
    </>
  );
}
