import { useId, type ReactNode, type TextareaHTMLAttributes } from 'react';

export interface TextFieldProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly label: string;
  readonly hint?: ReactNode;
}

/** Several lines. */
export function TextField({ label, hint, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...rest}
        id={id}
        dir="auto"
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
