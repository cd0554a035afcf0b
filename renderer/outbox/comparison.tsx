/** Ours and theirs side by side: what differs first and marked by shape, word and weight; the key large enough to be read aloud. */
import { useTranslation } from 'react-i18next';
import type { EntryComparison } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import { aloud, digestGroups } from './digest.ts';
import './comparison.css';

type Field = EntryComparison['fields'][number];
type FieldName = keyof typeof en.outbox.desk.field;

export function Comparison({ fields }: { fields: readonly Field[] }) {
  const { t } = useTranslation();
  if (fields.length === 0) return <p className="comparison-none">{t('outbox/desk/nothingThere')}</p>;
  // The key is what it is all about, whether it differs or not.
  const isFirst = (field: Field) => field.name === 'endorsementKey';
  const differing = [...fields.filter(isFirst), ...fields.filter(field => field.differs && !isFirst(field))];
  const same = fields.filter(field => !field.differs && !isFirst(field));
  return (
    <div className="comparison">
      <table>
        <thead>
          <tr>
            <td className="comparison-corner" />
            <th scope="col">{t('outbox/desk/ours')}</th>
            <th scope="col">{t('outbox/desk/theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map(field => (
            <Row key={field.name} field={field} />
          ))}
        </tbody>
        {same.length > 0 && (
          <tbody>
            <tr className="comparison-same">
              <th scope="rowgroup" colSpan={3} className="comparison-name">
                {t('outbox/desk/undisputed')}
              </th>
            </tr>
            {same.map(field => (
              <Row key={field.name} field={field} />
            ))}
          </tbody>
        )}
      </table>
      <p className="comparison-when">{t('outbox/desk/lookedAt')}</p>
    </div>
  );
}

function Row({ field }: { field: Field }) {
  const { t } = useTranslation();
  const { name, ours, theirs, differs } = field;
  return (
    <tr className={differs ? 'comparison-differs' : undefined} data-field={name}>
      <th scope="row" className="comparison-name">
        {t(`outbox/desk/field/${name as FieldName}`)}
        {differs && <span className="comparison-mark">≠ {t('outbox/desk/differs')}</span>}
        {!differs && name === 'endorsementKey' && (
          <span className="comparison-agrees">= {t('outbox/desk/agrees')}</span>
        )}
      </th>
      {name === 'endorsementKey' ? (
        <>
          <Key digest={ours} other={theirs} />
          <Key digest={theirs} other={ours} />
        </>
      ) : (
        <>
          <Value name={name} text={ours} />
          <Value name={name} text={theirs} />
        </>
      )}
    </tr>
  );
}

const words = new Set([
  'provisioningStatus',
  'allocationPolicy',
  'createdDateTimeUtc',
  'lastUpdatedDateTimeUtc',
]);

function Value({ name, text }: { name: string; text: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (text === null) return <td className="comparison-side comparison-nothing">{t('outbox/desk/none')}</td>;
  const at = name.endsWith('DateTimeUtc') ? Date.parse(text) : Number.NaN;
  return (
    <td className={words.has(name) ? 'comparison-side' : 'comparison-side mono'}>
      {Number.isNaN(at) ? text : format.date(at)}
    </td>
  );
}

function Key({ digest, other }: { digest: string | null; other: string | null }) {
  const { t } = useTranslation();
  if (digest === null) return <td className="comparison-side comparison-nothing">{t('outbox/desk/none')}</td>;
  return (
    <td className="comparison-side comparison-key">
      <span className="mono">
        {digestGroups(digest, other).map(({ digits, differs }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what makes the group
          <span key={place} className={differs ? 'digest-group digest-differs' : 'digest-group'}>
            {digits}
          </span>
        ))}
      </span>
      <span className="comparison-aloud">{aloud(digest, t('outbox/desk/spelling'))}</span>
    </td>
  );
}
