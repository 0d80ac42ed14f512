import type { ButtonHTMLAttributes } from 'react';
import './ui.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: what somebody came for. `danger`: it cannot be undone. @default quiet */
  readonly tone?: 'main' | 'danger' | 'quiet' | 'link';
}

export function Button({ tone = 'quiet', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`button ${className}`} data-tone={tone} />;
}
