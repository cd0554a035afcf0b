/** How many tiles stand beside each other, and how much each can say, so that nothing on the Station screen scrolls. */

/** `full`: everything, with buttons. `short`: number, serial, word, one line. `sign`: number, symbol, end of the serial. */
export type Density = 'full' | 'short' | 'sign';

export interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly density: Density;
}

/** `fixtures`: 1 to 32, as the configuration allows. */
export function layoutFor(fixtures: number): Layout {
  const columns = fixtures <= 1 ? 1 : fixtures <= 4 ? 2 : fixtures <= 9 ? 3 : fixtures <= 16 ? 4 : 8;
  const rows = Math.max(1, Math.ceil(fixtures / columns));
  return { columns, rows, density: fixtures <= 4 ? 'full' : fixtures <= 16 ? 'short' : 'sign' };
}
