/** The focus among tiles, by fixture id: a tile keeps it while what it says changes. */

export const tileOf = (id: string) =>
  document.querySelector<HTMLElement>(`[data-fixture="${CSS.escape(id)}"]`);

export function focusTile(id: string): void {
  tileOf(id)?.focus({ preventScroll: true });
}

export function focusedTile(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-fixture]')?.dataset.fixture;
}
