/** Whether a fixture was checked with a reference unit in this shift, as a mark at its head. */
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { useNow } from './use-now.ts';

type Golden = NonNullable<FixtureView['golden']>;

/** A check ends by itself, without a word of the station. */
const lookEveryMs = 20_000;

export function goldenState({ state, until = 0 }: Golden, now: number): Golden['state'] {
  return state === 'checked' && until <= now ? 'due' : state;
}

/** Undefined where the station has no reference units. */
export function useGoldenState(golden: Golden | undefined): Golden['state'] | undefined {
  const now = useNow(lookEveryMs);
  return golden && goldenState(golden, now);
}

export function GoldenMark({ golden }: { golden: Golden }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useGoldenState(golden);
  if (!state) return null;
  return (
    <span className={state === 'checked' ? 'golden-checked' : 'mark'} data-golden={state}>
      {t(`golden/${state}`, { time: format.clock(golden.until ?? 0) })}
    </span>
  );
}
