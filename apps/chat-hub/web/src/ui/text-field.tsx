import { useId, type ReactNode, type TextareaHTMLAttributes } from 'react';
import './ui.css';

export interface TextFieldProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly label: string;
  readonly hint?: ReactNode;
}

/** Several lines that somebody fills in. */
export function TextField({ label, hint, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        dir="auto"
        {...rest}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-about`}
      />
      {hint !== undefined && (
        <p id={`${id}-about`} className="field-about">
          {hint}
        </p>
      )}
    </div>
  );
}
