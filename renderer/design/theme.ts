/** Light or dark: the system's, until somebody chooses at this screen. */
import { useState } from 'react';
import { storedTheme, storeTheme, type Theme } from '../preferences.ts';

/** Puts the remembered theme on the page before anything is drawn. */
export function applyStoredTheme(): void {
  const theme = storedTheme();
  if (theme) document.documentElement.dataset.theme = theme;
}

export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(
    () => storedTheme() ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'),
  );
  const turn = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    storeTheme(next);
    setTheme(next);
  };
  return [theme, turn];
}
