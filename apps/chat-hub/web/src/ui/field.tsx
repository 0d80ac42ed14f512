import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import './ui.css';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with it. */
  readonly error?: string | undefined;
}

/** One line that somebody fills in, with what it is for and what is wrong with it. */
export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  const about = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
      />
      {about !== undefined && (
        <p id={`${id}-about`} className="field-about" data-bad={error !== undefined || undefined}>
          {about}
        </p>
      )}
    </div>
  );
}
