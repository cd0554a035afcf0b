/** A screen in two: on the left how things stand, which scrolls; on the right the list or form, and what is done with it. */
import type { ReactNode } from 'react';
import './panes.css';

/** @param name of the place */
export function StatePane({ name, children }: { name: string; children?: ReactNode }) {
  if (!children) return <section className="state-pane" aria-label={name} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section className="state-pane" tabIndex={0} aria-label={name}>
      {children}
    </section>
  );
}
