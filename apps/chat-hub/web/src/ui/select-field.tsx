import { useId, type ReactNode, type SelectHTMLAttributes } from 'react';
import './ui.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface SelectFieldProps extends SelectHTMLAttributes<HTMLSelectElement> {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

/** One of a few. */
export function SelectField({ label, choices, hint, error, ...rest }: SelectFieldProps) {
  const id = useId();
  const about = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        {...rest}
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
      >
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {about !== undefined && (
        <p id={`${id}-about`} className="field-about" data-bad={error !== undefined || undefined}>
          {about}
        </p>
      )}
    </div>
  );
}
