import { useId } from 'react';
import { useHubState } from '../../hub/context.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { actionWords } from './action-words.ts';

export interface Filters {
  readonly action: string;
  /** A handle. */
  readonly by: string;
  /** Days, as their fields write them. */
  readonly from: string;
  readonly to: string;
}

export const noFilters: Filters = { action: '', by: '', from: '', to: '' };

const choices = [
  { value: '', label: 'Anything' },
  ...Object.entries(actionWords)
    .map(([value, label]) => ({ value, label }))
    .toSorted((a, b) => a.label.localeCompare(b.label)),
];

export interface AuditFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  /** Nobody has the handle. */
  readonly unknown: boolean;
}

export function AuditFilters({ filters, onChange, unknown }: AuditFiltersProps) {
  const users = useHubState((state) => state.users);
  const id = useId();
  const put = (change: Partial<Filters>): void => onChange({ ...filters, ...change });
  const isOn = Object.values(filters).some((value) => value !== '');
  return (
    <div className="filters audit-filters" role="search" aria-label="Audit log">
      <Field
        label="Who"
        placeholder="Handle"
        list={id}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={filters.by}
        onChange={(event) => put({ by: event.target.value })}
        error={unknown ? 'Nobody has this handle' : undefined}
      />
      <datalist id={id}>
        {[...users.values()].slice(0, 500).map(({ id, handle, displayName }) => (
          <option key={id} value={handle}>
            {displayName}
          </option>
        ))}
      </datalist>
      <SelectField
        label="What"
        choices={choices}
        value={filters.action}
        onChange={(event) => put({ action: event.target.value })}
      />
      <Field
        label="From"
        type="date"
        max={filters.to || undefined}
        value={filters.from}
        onChange={(event) => put({ from: event.target.value })}
      />
      <Field
        label="To"
        type="date"
        min={filters.from || undefined}
        value={filters.to}
        onChange={(event) => put({ to: event.target.value })}
      />
      {isOn && <Button onClick={() => onChange(noFilters)}>Show all</Button>}
    </div>
  );
}
