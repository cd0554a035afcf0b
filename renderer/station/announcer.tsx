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
  const [said, setSaid] = useState('');
  useChangedFixtures(fixtures, ({ number, state, serial, verdict }) => {
    const who = { number: String(number) };
    if (state === 'armed') setSaid(t('announce/armed', { ...who, serial: serial ?? '' }));
    if (state !== 'decided' || !verdict) return;
    if (sound) play(toneOf(verdict.verdict));
    const { title, do: now } = verdictCard(verdict);
    const word = t(`word/${verdict.verdict}`);
    setSaid(
      verdict.verdict === 'passed'
        ? t('announce/passed', { ...who, word })
        : t('announce/decided', { ...who, word, title, do: now }),
    );
  });
  return (
    <div className="unseen" role="status" aria-live="assertive">
      {said}
    </div>
  );
}
