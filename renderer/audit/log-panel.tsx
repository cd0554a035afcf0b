/** The log in words: which one, how far, what was signed last, where that is kept outside, and the key, to be photographed. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { StatePane } from '../parts/panes.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { rootGroups } from './root-groups.ts';

interface LogPanelProps {
  readonly audit: AuditView | undefined;
  readonly disabled: boolean;
  readonly onCheckpoint: () => void;
}

export function LogPanel({ audit, disabled, onCheckpoint }: LogPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState<'key' | 'checkpoint'>();
  if (!audit) return <StatePane name={t('audit/log')} />;
  const { origin, size, checkpoint, outside, verifierKey } = audit;
  const since = checkpoint ? size - checkpoint.size : size;
  const mono = (text: string) => <span className="mono">{text}</span>;
  const outsideWord =
    outside &&
    (outside.fault !== undefined
      ? t('audit/outsideFault')
      : outside.size === null
        ? t('audit/outsideNone')
        : t('audit/outsideSize', { count: outside.size, formatted: format.number(outside.size) }));
  return (
    <StatePane name={t('audit/log')}>
      <h2>{t('audit/log')}</h2>
      {outside?.contradicts && (
        <Attention title={t(`audit/contradicts/${outside.contradicts}`)} role="alert">
          <span>{t('audit/contradictsWhat')}</span>
        </Attention>
      )}
      <Facts
        className="facts-close"
        facts={[
          [t('audit/origin'), mono(origin)],
          [t('audit/entries'), format.number(size)],
          [t('audit/checkpoint'), checkpoint ? format.date(checkpoint.madeAt) : t('audit/noCheckpoint')],
          [
            t('audit/covers'),
            checkpoint &&
              (since === 0
                ? t('audit/coversAll')
                : t('audit/coversBut', { count: since, formatted: format.number(since) })),
          ],
          [t('audit/root'), checkpoint && mono(rootGroups(checkpoint.rootHash))],
          [
            t('audit/outside'),
            outside && (
              <>
                {outsideWord}
                <span className="audit-quiet audit-folder mono">{outside.folder}</span>
              </>
            ),
          ],
        ]}
      />
      <div className="audit-log-acts">
        <button type="button" className="button" disabled={disabled} onClick={onCheckpoint}>
          {t('audit/makeCheckpoint')}
        </button>
        <button
          type="button"
          className="button"
          disabled={checkpoint === undefined}
          onClick={() => setShown('checkpoint')}
        >
          {t('audit/showCheckpoint')}
        </button>
        <button type="button" className="button" onClick={() => setShown('key')}>
          {t('audit/showKey')}
        </button>
      </div>
      {shown && (
        <Dialog title={t(`audit/qr/${shown}/title`)} onClose={() => setShown(undefined)}>
          <div className="audit-qr">
            <QrCode
              text={shown === 'key' ? verifierKey : (checkpoint?.note ?? '')}
              label={t(`audit/qr/${shown}/title`)}
            />
            <div>
              <p>{t(`audit/qr/${shown}/what`)}</p>
              <p className="audit-text mono">{shown === 'key' ? verifierKey : checkpoint?.note}</p>
            </div>
          </div>
        </Dialog>
      )}
    </StatePane>
  );
}
