/** Long work of the station beside what it is about: how far it is, with a way to end it, and that it came to something. */
import type { ReactNode } from 'react';
import { Running } from './running.tsx';
import { TickInCircle } from './symbols.tsx';
import './station-work.css';

interface WorkRunningProps {
  /** Of the place. */
  readonly name: string;
  /** What it is. */
  readonly label: string;
  /** 0 to 1, where it is known. */
  readonly share: number | undefined;
  /** On the button that ends it. */
  readonly end: string;
  readonly disabled: boolean;
  readonly onEnd: () => void;
}

export function WorkRunning({ name, label, share, end, disabled, onEnd }: WorkRunningProps) {
  return (
    <section className="station-work" aria-label={name}>
      <Running label={label} share={share} />
      <button type="button" className="button" disabled={disabled} onClick={onEnd}>
        {end}
      </button>
    </section>
  );
}

/** What came of it, however long: it scrolls. */
export function WorkResult({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section className="station-work station-result" tabIndex={0} aria-label={name}>
      {children}
    </section>
  );
}

export function WorkGood({ children }: { children: string }) {
  return (
    <p className="work-good" role="status">
      <TickInCircle className="work-good-symbol" />
      {children}
    </p>
  );
}
