import { useId, type ReactNode } from 'react';
import './ui.css';

export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `option`s. */
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

/** One of a few, with what it is for. */
export function SelectField({ label, value, onChange, children, hint, disabled }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-about`}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
      {hint !== undefined && (
        <p id={`${id}-about`} className="field-about">
          {hint}
        </p>
      )}
    </div>
  );
}
