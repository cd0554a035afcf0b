/** What is to be said of a row, in a line: by its code, or by the card that the same refusal has at a fixture. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { BatchRow } from '../../src/api/contract.ts';
import { en } from '../messages/en.ts';

export function useRowWords(): (row: Pick<BatchRow, 'code' | 'detail'>) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ code, detail }) => {
      if (code in en.batch.codes) return t(`batch/codes/${code as keyof typeof en.batch.codes}`);
      // One path stands for all, as with the cards.
      if (code in en.verdict) return t(`verdict/${code}/title` as 'verdict/passed/title');
      return detail ?? code;
    },
    [t],
  );
}
