/** Rows that come and go by hand: a new one takes the focus, and one that went leaves it to the button that brings another. */
import { type RefObject, useEffect, useRef } from 'react';

export interface RowFocus<Rows extends HTMLElement> {
  readonly rows: RefObject<Rows | null>;
  readonly adder: RefObject<HTMLButtonElement | null>;
  /** To be called before a row comes or goes. */
  expect(): void;
}

export function useRowFocus<Rows extends HTMLElement>(count: number): RowFocus<Rows> {
  const rows = useRef<Rows>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const before = useRef<number>(undefined);
  useEffect(() => {
    if (before.current === undefined || before.current === count) return;
    if (count < before.current) adder.current?.focus();
    else
      [...(rows.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
        .at(-1)
        ?.querySelector('input')
        ?.focus();
    before.current = undefined;
  }, [count]);
  return {
    rows,
    adder,
    expect: () => {
      before.current = count;
    },
  };
}
