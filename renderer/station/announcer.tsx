/** Says for ears what the tiles show: by tone, and in words for a screen reader, one line for each fixture however many at once. */
import { memo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { play } from '../design/sound.ts';
import { useVerdictCard } from '../messages/card.ts';
import { toneOf } from './tone.ts';
import { useChangedFixtures } from './use-changed-fixtures.ts';

/** As many as a station has fixtures: lines that go were read long ago. */
const linesAtMost = 32;

interface Line {
  readonly key: number;
  /** Not the words, which would keep their language. */
  readonly fixture: FixtureView;
}

export function Announcer({ fixtures, sound }: { fixtures: readonly FixtureView[]; sound: boolean }) {
  const [told, setTold] = useState<readonly Line[]>([]);
  const count = useRef(0);
  useChangedFixtures(fixtures, fixture => {
    if (fixture.state === 'armed' || fixture.state === 'decided') {
      count.current += 1;
      const line = { key: count.current, fixture };
      setTold(before => [...before, line].slice(-linesAtMost));
    }
    if (fixture.state === 'decided' && fixture.verdict && sound) play(toneOf(fixture.verdict.verdict));
  });
  return (
    <div className="unseen" role="log" aria-live="assertive" aria-relevant="additions">
      {told.map(({ key, fixture }) => (
        <Words key={key} fixture={fixture} />
      ))}
    </div>
  );
}

/** Made once for each line: the frame around them is drawn with every change at any fixture. */
const Words = memo(function Words({ fixture }: { fixture: FixtureView }) {
  const { t } = useTranslation();
  const verdictCard = useVerdictCard();
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
  return <p>{wordsFor(fixture)}</p>;
});
