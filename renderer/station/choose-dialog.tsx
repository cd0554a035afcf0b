/** A serial was scanned and more than one fixture is free: the text waits here until somebody says which. */
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { SerialText } from './serial-text.tsx';
import './choose.css';

interface ChooseDialogProps {
  readonly text: string;
  readonly fixtures: readonly FixtureView[];
  readonly notice: Notice | undefined;
  readonly onChoose: (fixture: string) => void;
  readonly onClose: () => void;
}

export function ChooseDialog({ text, fixtures, notice, onChoose, onClose }: ChooseDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('choose/title')} onClose={onClose} className="choose">
      <SerialText serial={text} className="choose-serial" />
      <p className="dialog-text">{t('choose/what')}</p>
      {notice && <NoticeBar notice={notice} />}
      <div className="choose-places" data-many={fixtures.length > 8 || undefined}>
        {fixtures.map(({ id, number, state, serial, verdict }) => (
          <button
            key={id}
            type="button"
            className="button choose-place"
            disabled={state === 'running'}
            onClick={() => onChoose(id)}
          >
            <span className="choose-number">{number}</span>
            <span className="choose-state">
              {state === 'running' && t('tile/testing')}
              {state === 'idle' && t('choose/empty')}
              {state === 'armed' && <b className="choose-verdict">{t('tile/ready')}</b>}
              {state === 'decided' && verdict && (
                <b className="choose-verdict">
                  <VerdictSymbol className="inline-symbol" verdict={verdict.verdict} />
                  {t(`word/${verdict.verdict}`)}
                </b>
              )}
              {serial && state !== 'running' && (
                <span>{t('choose/replaces', { serial: endOf(serial) })}</span>
              )}
            </span>
            {state === 'decided' && verdict?.verdict === 'refused' && (
              <span className="choose-kept">{t('choose/kept')}</span>
            )}
          </button>
        ))}
      </div>
    </Dialog>
  );
}

/** The last digits: that is where serials differ. */
function endOf(serial: string): string {
  return serial.length <= 6 ? serial : `…${serial.slice(-6)}`;
}
