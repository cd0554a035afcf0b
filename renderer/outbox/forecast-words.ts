/** When the outbox will be empty, in one sentence. */
import { useTranslation } from 'react-i18next';
import type { DrainOutlook } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';

const minute = 60_000;

export function useForecastWords(): (outlook: DrainOutlook) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ at, forecast: { waiting, emptyInMs } }) => {
    if (waiting === 0) return t('outbox/emptyNow');
    if (emptyInMs === null) return t('outbox/emptyNever');
    if (emptyInMs < minute) return t('outbox/emptySoon');
    return t('outbox/emptyIn', { span: format.age(emptyInMs), time: format.clock(at + emptyInMs) });
  };
}
