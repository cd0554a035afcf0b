/** An entry against what DPS holds, in the words of the screen. */
import { useTranslation } from 'react-i18next';
import type { EntryComparison } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import { Comparison } from '../parts/comparison.tsx';

type Field = EntryComparison['fields'][number];
type FieldName = keyof typeof en.outbox.desk.field;

const words = new Set([
  'provisioningStatus',
  'allocationPolicy',
  'createdDateTimeUtc',
  'lastUpdatedDateTimeUtc',
]);

export function AgainstDps({ fields }: { fields: readonly Field[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (fields.length === 0) return <p className="comparison-none">{t('outbox/desk/nothingThere')}</p>;
  const shown = (name: string, text: string | null) => {
    const at = text !== null && name.endsWith('DateTimeUtc') ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? text : format.date(at);
  };
  return (
    <Comparison
      rows={fields.map(({ name, ours, theirs, differs }) => ({
        name,
        label: t(`outbox/desk/field/${name as FieldName}`),
        ours: shown(name, ours),
        theirs: shown(name, theirs),
        differs,
        as: name === 'endorsementKey' ? 'key' : words.has(name) ? 'words' : 'code',
      }))}
      ours={t('outbox/desk/ours')}
      theirs={t('outbox/desk/theirs')}
      note={t('outbox/desk/lookedAt')}
    />
  );
}
