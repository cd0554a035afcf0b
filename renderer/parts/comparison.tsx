/** Two sides of one thing: what differs first and marked by shape, word and weight; the key large enough to be read aloud. */
import { useTranslation } from 'react-i18next';
import { aloud, digestGroups } from './digest.ts';
import './comparison.css';

export interface ComparedRow {
  readonly name: string;
  readonly label: string;
  /** As they are shown; null: it has none. */
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly differs: boolean;
  /** `key`: a digest in groups, which is always at the top. */
  readonly as: 'key' | 'words' | 'code';
}

interface ComparisonProps {
  readonly rows: readonly ComparedRow[];
  readonly ours: string;
  readonly theirs: string;
  /** Of when the two sides are, or what else is to be known of them. */
  readonly note?: string;
}

export function Comparison({ rows, ours, theirs, note }: ComparisonProps) {
  const { t } = useTranslation();
  // The key is what it is all about, whether it differs or not.
  const isFirst = (row: ComparedRow) => row.as === 'key';
  const differing = [...rows.filter(isFirst), ...rows.filter(row => row.differs && !isFirst(row))];
  const same = rows.filter(row => !row.differs && !isFirst(row));
  return (
    <div className="comparison">
      <table>
        <thead>
          <tr>
            <td className="comparison-corner" />
            <th scope="col">{ours}</th>
            <th scope="col">{theirs}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map(row => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
        {same.length > 0 && (
          <tbody>
            <tr className="comparison-same">
              <th scope="rowgroup" colSpan={3} className="comparison-name">
                {t('compare/undisputed')}
              </th>
            </tr>
            {same.map(row => (
              <Row key={row.name} row={row} />
            ))}
          </tbody>
        )}
      </table>
      {note && <p className="comparison-when">{note}</p>}
    </div>
  );
}

function Row({ row: { name, label, ours, theirs, differs, as } }: { row: ComparedRow }) {
  const { t } = useTranslation();
  return (
    <tr className={differs ? 'comparison-differs' : undefined} data-field={name}>
      <th scope="row" className="comparison-name">
        {label}
        {differs && <span className="comparison-mark">≠ {t('compare/differs')}</span>}
        {!differs && as === 'key' && <span className="comparison-agrees">= {t('compare/agrees')}</span>}
      </th>
      {as === 'key' ? (
        <>
          <Key digest={ours} other={theirs} />
          <Key digest={theirs} other={ours} />
        </>
      ) : (
        <>
          <Value as={as} text={ours} />
          <Value as={as} text={theirs} />
        </>
      )}
    </tr>
  );
}

function Value({ as, text }: { as: 'words' | 'code'; text: string | null }) {
  const { t } = useTranslation();
  if (text === null) return <td className="comparison-side comparison-nothing">{t('compare/none')}</td>;
  return <td className={as === 'words' ? 'comparison-side' : 'comparison-side mono'}>{text}</td>;
}

function Key({ digest, other }: { digest: string | null; other: string | null }) {
  const { t } = useTranslation();
  if (digest === null) return <td className="comparison-side comparison-nothing">{t('compare/none')}</td>;
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
      <span className="comparison-aloud">{aloud(digest, t('compare/spelling'))}</span>
    </td>
  );
}
