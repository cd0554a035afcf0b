/** The place of a list that holds nothing: what that means, and what to do. */
import type { ReactNode } from 'react';
import './nothing.css';

interface NothingProps {
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

export function Nothing({ title, children }: NothingProps) {
  return (
    <div className="nothing">
      {title !== undefined && <h2>{title}</h2>}
      {children}
    </div>
  );
}
