/** What a restore came to: from which backup, what the checkpoints outside prove to be missing, and what a person does next. */
import { useTranslation } from 'react-i18next';
import type { RestoreRecord } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Facts } from '../parts/facts.tsx';
import './restored.css';

export function RestoredFacts({ restored }: { restored: RestoreRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { at, backup, madeAt, devices, previousOrigin, entries, origin, setAside } = restored;
  const mono = (text: string) => <span className="mono">{text}</span>;
  return (
    <section className="restored" aria-label={t('restored/title')}>
      <Missing restored={restored} />
      <Facts
        className="facts-close"
        facts={[
          [t('restored/when'), format.date(at)],
          [t('restored/madeAt'), format.date(Date.parse(madeAt))],
          [t('restored/devices'), format.number(devices)],
          [
            t('restored/oldLog'),
            mono(t('restored/oldLogIs', { origin: previousOrigin, formatted: format.number(entries) })),
          ],
          [t('restored/newLog'), mono(origin)],
          [t('restored/setAside'), setAside === null ? undefined : mono(setAside)],
          [t('restored/backup'), mono(backup)],
        ]}
      />
      <NextSteps restored={restored} />
    </section>
  );
}

function Missing({ restored: { missing } }: { restored: RestoreRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (missing.length === 0) return <p>{t('restored/missingNone')}</p>;
  const count = missing.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return (
    <Attention title={t('restored/missing', { count, formatted: format.number(count) })}>
      {missing.map(({ origin, first, last, since, file }) => (
        <span key={origin}>
          {t('restored/missingWhat', {
            first: format.number(first),
            last: format.number(last),
            origin,
            since: since === null ? t('restored/beginning') : format.date(Date.parse(since)),
            file,
          })}
        </span>
      ))}
      <span>{t('restored/missingMore')}</span>
    </Attention>
  );
}

function NextSteps({ restored: { asked, needs } }: { restored: RestoreRecord }) {
  const { t } = useTranslation();
  return (
    <ul className="restored-steps">
      {needs.pins && <li>{t('restored/pins')}</li>}
      {needs.dpsKey && <li>{t('restored/dpsKey')}</li>}
      {asked > 0 && <li>{t('restored/asked', { count: asked })}</li>}
      <li>{t('restored/reconcile')}</li>
    </ul>
  );
}
