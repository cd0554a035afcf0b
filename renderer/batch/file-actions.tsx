/** How far the station is with the file, and what can be done with it next. */
import { useTranslation } from 'react-i18next';
import type { BatchView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFormat } from '../messages/format.ts';
import { Running } from '../parts/running.tsx';
import type { BatchHand } from './use-batch.ts';

interface FileActionsProps {
  readonly session: Session;
  readonly hand: BatchHand;
  readonly batch: BatchView;
  readonly lost: boolean;
}

export function BatchProgress({ batch: { state, done = 0, size = 0 } }: { batch: BatchView }) {
  const { t } = useTranslation();
  if (state !== 'receiving' && state !== 'checking' && state !== 'importing') return null;
  return <Running label={t(`batch/running/${state}`)} share={size === 0 ? 0 : Math.min(done / size, 1)} />;
}

export function FileActions({ session, hand, batch, lost }: FileActionsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, counts, stopped = false, report } = batch;
  const disabled = lost || hand.busy;
  const run = (dryRun: boolean) => () => void hand.act(() => session.runBatch({ dryRun }));
  const valid = counts?.imported ?? 0;
  const save = (
    <button
      type="button"
      className="button"
      disabled={disabled}
      onClick={() => void hand.act(() => session.saveBatchReport())}
    >
      {t('batch/save')}
    </button>
  );
  if (state === 'checking' || state === 'importing')
    return (
      <button
        type="button"
        className="button"
        disabled={lost}
        onClick={() => void hand.act(() => session.stopBatch())}
      >
        {t('batch/stop')}
      </button>
    );
  if (state === 'read')
    return (
      <button
        type="button"
        className="button button-main"
        disabled={disabled || batch.fault !== undefined}
        onClick={run(true)}
      >
        {t('batch/check')}
      </button>
    );
  if (state !== 'checked' && state !== 'imported') return null;
  return (
    <div className="batch-actions">
      {state === 'checked' && (
        <>
          <p role="status">{t(stopped ? 'batch/checkStopped' : 'batch/checkDone')}</p>
          <button
            type="button"
            className="button button-main"
            disabled={disabled || valid === 0}
            onClick={run(false)}
          >
            {t('batch/import', { count: valid, formatted: format.number(valid) })}
          </button>
        </>
      )}
      {state === 'imported' && (
        <>
          <p role="status">
            {t(stopped ? 'batch/importStopped' : 'batch/importDone', { formatted: format.number(valid) })}
          </p>
          {stopped && (
            <button type="button" className="button button-main" disabled={disabled} onClick={run(false)}>
              {t('batch/goOn')}
            </button>
          )}
        </>
      )}
      <div className="batch-last">
        {save}
        <button
          type="button"
          className="button"
          disabled={disabled}
          onClick={() => void hand.act(() => session.discardBatch())}
        >
          {t('batch/discard')}
        </button>
      </div>
      {report !== undefined && (
        <p className="batch-quiet" role="status">
          {t('batch/saved')} <span className="batch-place">{report}</span>
        </p>
      )}
    </div>
  );
}
