/** The last verdict that came while another screen than the Station's is looked at; it says which and leads there. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { SerialText } from '../station/serial-text.tsx';
import { toneOf } from '../station/tone.ts';
import { useChangedFixtures } from '../station/use-changed-fixtures.ts';

export function Elsewhere({ fixtures, onShow }: { fixtures: readonly FixtureView[]; onShow: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState<FixtureView>();
  useChangedFixtures(fixtures, fixture => {
    if (fixture.state === 'decided') setLast(fixture);
  });
  if (!last?.verdict) return null;
  const { verdict } = last.verdict;
  return (
    <button type="button" className={`elsewhere tone-${toneOf(verdict)}`} onClick={onShow}>
      <VerdictSymbol className="notice-symbol" verdict={verdict} />
      <span className="elsewhere-words">
        <strong>{t('elsewhere/title', { number: String(last.number), word: t(`word/${verdict}`) })}</strong>
        {last.serial && <SerialText serial={last.serial} />}
      </span>
      <span>
        {t('elsewhere/show')} <kbd>Esc</kbd>
      </span>
    </button>
  );
}
