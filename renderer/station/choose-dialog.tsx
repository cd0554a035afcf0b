/** A serial was scanned and more than one fixture is free: the text waits here until somebody says which. */
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type Notice, NoticeBar } from './notice.tsx';
import { SerialText } from './serial-text.tsx';
import './choose.css';

interface ChooseDialogProps {
  readonly text: string;
  readonly fixtures: readonly FixtureView[];
  readonly notice: Notice | undefined;
  readonly onChoose: (fixture: string) => void;
  readonly onClose: () => void;
  readonly onCloseNotice: () => void;
}

export function ChooseDialog({
  text,
  fixtures,
  notice,
  onChoose,
  onClose,
  onCloseNotice,
}: ChooseDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('choose/title')} onClose={onClose} className="choose">
      <SerialText serial={text} className="choose-serial" />
      <p className="dialog-text">{t('choose/what')}</p>
      {notice && <NoticeBar notice={notice} onClose={onCloseNotice} />}
      <div className="choose-places" data-many={fixtures.length > 8 || undefined}>
        {fixtures.map(({ id, number, state, serial }) => (
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
              {state === 'armed' && t('choose/replaces', { serial: serial?.slice(-8) ?? '' })}
              {state === 'decided' && t('choose/empty')}
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
