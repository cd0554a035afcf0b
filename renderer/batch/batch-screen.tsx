/**
 * The Batch screen: a file of keys beside what the station makes of it. First its first rows as they would be read, then the
 * dry run's verdicts, then what the import did with each row.
 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportVerdictKind } from '../../src/api/contract.ts';
import type { ScreenProps } from '../frame/screen.ts';
import { Attention } from '../parts/attention.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { BatchFailureNote } from './batch-failure.tsx';
import { BatchSample } from './batch-sample.tsx';
import { BatchVerdicts } from './batch-verdicts.tsx';
import { FilePanel } from './file-panel.tsx';
import { useBatch } from './use-batch.ts';
import '../parts/panes.css';
import './batch-screen.css';

export function BatchScreen({ session, lost }: ScreenProps) {
  const { t } = useTranslation();
  const hand = useBatch(session, lost);
  const [kind, setKind] = useState<ImportVerdictKind>();
  const { batch } = hand;
  const judged = batch?.counts !== undefined;
  // The one fault that is mended right here.
  const lacksKey = batch?.file?.columns !== undefined && batch.file.mapping?.ek === undefined;
  return (
    <main
      className="panes batch"
      aria-label={t('screens/batch/title')}
      data-empty={batch?.state === 'empty' ? '' : undefined}
    >
      <FilePanel session={session} hand={hand} lost={lost} />
      <section className="batch-rows" aria-label={t('batch/rows')}>
        <BatchFailureNote failure={hand.failure} onClose={hand.forgetFailure} />
        {batch?.fault !== undefined && (
          <Attention title={t(lacksKey ? 'batch/chooseKey' : 'batch/cannot')} role="alert">
            <span>{t(lacksKey ? 'batch/chooseKeyWhat' : 'batch/cannotWhat')}</span>
            {!lacksKey && <span className="attention-detail mono">{batch.fault}</span>}
          </Attention>
        )}
        {batch && judged ? (
          <BatchVerdicts session={session} batch={batch} kind={kind} onKind={setKind} />
        ) : batch?.sample && batch.sample.length > 0 ? (
          <BatchSample rows={batch.sample} />
        ) : (
          batch?.fault === undefined && (
            <Nothing title={t('batch/nothing')}>
              <p>{t('batch/nothingWhat')}</p>
            </Nothing>
          )
        )}
      </section>
    </main>
  );
}
