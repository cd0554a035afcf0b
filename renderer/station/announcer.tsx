/** Says for ears what the tiles show: by tone, and in words for a screen reader. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { play } from '../design/sound.ts';
import { useVerdictCard } from '../messages/card.ts';
import { toneOf } from './tone.ts';
import { useChangedFixtures } from './use-changed-fixtures.ts';

export function Announcer({ fixtures, sound }: { fixtures: readonly FixtureView[]; sound: boolean }) {
  const { t } = useTranslation();
  const verdictCard = useVerdictCard();
  // Not the words, which would keep their language.
  const [told, setTold] = useState<FixtureView>();
  useChangedFixtures(fixtures, fixture => {
    if (fixture.state === 'armed' || fixture.state === 'decided') setTold(fixture);
    if (fixture.state === 'decided' && fixture.verdict && sound) play(toneOf(fixture.verdict.verdict));
  });
  const wordsFor = ({ number, state, serial, verdict }: FixtureView) => {
    const who = { number: String(number) };
    if (state === 'armed') return t('announce/armed', { ...who, serial: serial ?? '' });
    if (!verdict) return '';
    const { title, do: now } = verdictCard(verdict);
    const word = t(`word/${verdict.verdict}`);
    return verdict.verdict === 'passed'
      ? t('announce/passed', { ...who, word })
      : t('announce/decided', { ...who, word, title, do: now });
  };
  return (
    <div className="unseen" role="status" aria-live="assertive">
      {told && wordsFor(told)}
    </div>
  );
}
