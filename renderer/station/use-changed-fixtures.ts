/** Tells of each verdict once, when it arrives; those that were there when the screen opened are old news. */
import { useEffect, useRef } from 'react';
import type { FixtureView } from '../../src/api/contract.ts';

export function useChangedFixtures(
  fixtures: readonly FixtureView[],
  onChange: (fixture: FixtureView) => void,
): void {
  const known = useRef<ReadonlyMap<string, string>>(undefined);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    const before = known.current;
    known.current = new Map(fixtures.map(fixture => [fixture.id, stateOf(fixture)]));
    if (!before) return;
    for (const fixture of fixtures) if (before.get(fixture.id) !== stateOf(fixture)) tell.current(fixture);
  }, [fixtures]);
}

/** Two pictures of a fixture with the same text here are, for ears, the same. */
function stateOf({ state, serial, verdict }: FixtureView): string {
  return `${state} ${state === 'decided' ? verdict?.harvestId : serial}`;
}
