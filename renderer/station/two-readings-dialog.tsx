/** Keys that can be a fixture's number and a scan, or one scan that stalled after its first digits: a person says which. */
import { useTranslation } from 'react-i18next';
import type { FixtureView } from '../../src/api/contract.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { ScannedText } from '../parts/scanned-text.tsx';
import './two-readings.css';

interface TwoReadingsDialogProps {
  /** The fixture, if the first digits are its number. */
  readonly fixture: FixtureView;
  /** The serial then. */
  readonly scan: string;
  /** The serial, if all is one scan. */
  readonly text: string;
  readonly notice: Notice | undefined;
  readonly onParted: () => void;
  readonly onWhole: () => void;
  readonly onClose: () => void;
}

export function TwoReadingsDialog({ fixture, scan, text, notice, ...on }: TwoReadingsDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('twoReadings/title')} onClose={on.onClose}>
      <p className="dialog-text">{t('twoReadings/what')}</p>
      {notice && <NoticeBar notice={notice} />}
      <div className="readings">
        <button type="button" className="button reading" onClick={on.onParted}>
          <span className="reading-place">{t('tile/fixture', { number: String(fixture.number) })}</span>
          <ScannedText text={scan} className="reading-serial" />
        </button>
        <button type="button" className="button reading" onClick={on.onWhole}>
          <span className="reading-place">{t('twoReadings/whole')}</span>
          <ScannedText text={text} className="reading-serial" />
        </button>
      </div>
    </Dialog>
  );
}
