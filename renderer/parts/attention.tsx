/** What somebody must not miss, by colour, shape and words: what is held up, refused, or theirs to decide. */
import type { ReactNode } from 'react';
import { Triangle } from './symbols.tsx';
import './attention.css';

interface AttentionProps {
  readonly title: string;
  readonly className?: string;
  /** Told at once to those who hear the screen. */
  readonly role?: 'alert';
  readonly children: ReactNode;
}

export function Attention({ title, className, role, children }: AttentionProps) {
  return (
    <div className={className ? `attention ${className}` : 'attention'} role={role}>
      <Triangle className="attention-symbol" />
      <p>
        <strong>{title}</strong>
        {children}
      </p>
    </div>
  );
}
