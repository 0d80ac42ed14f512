import { X } from 'lucide-react';
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { sentenceOf } from '../hub/problem.ts';
import { IconButton } from './icon-button.tsx';
import './ui.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'bad' | 'plain';
}

export interface Toasts {
  readonly say: (text: string) => void;
  /** Tells what went wrong; it stays until it is closed. */
  readonly fail: (error: unknown) => void;
}

const shownMs = 5_000;
let lastId = 0;

const ToastContext = createContext<Toasts>({ say: () => {}, fail: () => {} });
export const useToasts = (): Toasts => use(ToastContext);

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<readonly Toast[]>([]);
  const drop = useCallback((id: number) => setShown((all) => all.filter((toast) => toast.id !== id)), []);
  const toasts = useMemo((): Toasts => {
    const add = (text: string, tone: Toast['tone']): number => {
      lastId += 1;
      const toast = { id: lastId, text, tone };
      setShown((all) => [...all.slice(-3), toast]);
      return toast.id;
    };
    return {
      say(text) {
        const id = add(text, 'plain');
        setTimeout(() => drop(id), shownMs);
      },
      fail: (error) => void add(sentenceOf(error), 'bad'),
    };
  }, [drop]);
  return (
    <ToastContext value={toasts}>
      {children}
      <div className="toasts" role="status">
        {shown.map(({ id, text, tone }) => (
          <div key={id} className="toast" data-tone={tone}>
            <span>{text}</span>
            <IconButton label="Close" icon={X} onClick={() => drop(id)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
