/** What the ledger knows of both sides of a refused duplicate: facts side by side, then what was tried before. */
import { useTranslation } from 'react-i18next';
import type { AttemptComparison, FixtureView, TriedBefore } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import { type ComparedRow, Comparison } from '../parts/comparison.tsx';
import { VerdictSymbol } from '../parts/symbols.tsx';
import './both-histories.css';

type FieldName = keyof typeof en.overrule.field;
type CertificateWord = keyof typeof en.overrule.certificate;
type State = keyof typeof en.connection & ('queued' | 'sending' | 'enrolled' | 'conflict' | 'quarantined');

interface BothHistoriesProps {
  readonly comparison: AttemptComparison;
  readonly fixtures: readonly FixtureView[];
}

export function BothHistories({ comparison, fixtures }: BothHistoriesProps) {
  const { t } = useTranslation();
  const fixtureName = (id: string) => {
    const known = fixtures.find(fixture => fixture.id === id);
    return known ? t('tile/fixture', { number: String(known.number) }) : id;
  };
  const shown = (name: FieldName, text: string | null): string | null => {
    if (text === null) return null;
    switch (name) {
      case 'certificate':
        return t(`overrule/certificate/${text as CertificateWord}`);
      case 'enrollment': {
        const [operation, state] = text.split(' ') as ['create', State | 'cancelled'];
        const word = state === 'cancelled' ? t('outbox/gone') : t(`connection/${state}`);
        return `${t(`outbox/operation/${operation}`)} · ${word}`;
      }
      default:
        return text;
    }
  };
  const rows = comparison.fields.map(({ name, ours, theirs, differs }): ComparedRow => {
    const field = name as FieldName;
    return {
      name,
      label: t(`overrule/field/${field}`),
      ours: shown(field, ours),
      theirs: shown(field, theirs),
      differs,
      as: name === 'endorsementKey' ? 'key' : codes.has(name) ? 'code' : 'words',
    };
  });
  return (
    <>
      <Comparison rows={rows} ours={t('overrule/ours')} theirs={t('overrule/theirs')} />
      <div className="tries">
        <Tries title={t('overrule/tries/ours')} tries={comparison.ours} fixtureName={fixtureName} />
        <Tries title={t('overrule/tries/theirs')} tries={comparison.theirs} fixtureName={fixtureName} />
      </div>
    </>
  );
}

const codes: ReadonlySet<string> = new Set(['serial', 'registrationId', 'workOrder', 'tpm']);

/** The newest; a device's whole history stands on the Devices screen. */
const shownTries = 3;

interface TriesProps {
  readonly title: string;
  readonly tries: readonly TriedBefore[];
  readonly fixtureName: (id: string) => string;
}

function Tries({ title, tries, fixtureName }: TriesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="tries-side">
      <h3>{title}</h3>
      {tries.length === 0 && <p className="tries-none">{t('overrule/noTries')}</p>}
      <ol>
        {tries.slice(0, shownTries).map(each => (
          <li key={each.harvestId}>
            <VerdictSymbol className={`tries-symbol tries-${each.verdict}`} verdict={each.verdict} />
            <span>
              <b>{t(`word/${each.verdict}`)}</b> {format.date(each.at)}
              {each.fixture !== null && ` · ${fixtureName(each.fixture)}`}
              {each.workOrder !== null && ` · ${each.workOrder}`}
              <span className="tries-names mono">
                {each.serial ?? '–'} · {each.key ?? '–'}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
