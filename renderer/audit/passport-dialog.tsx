/** The passport of one device into one of the folders for exports, with what came of it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceFacts } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { Dialog } from '../parts/dialog.tsx';
import { NoFolders } from './no-folders.tsx';
import { useAudit } from './use-audit.ts';
import { WorkPanel } from './work-panel.tsx';
import './audit-screen.css';

interface PassportDialogProps {
  readonly session: Session;
  readonly device: Pick<DeviceFacts, 'deviceId' | 'serial'>;
  readonly lost: boolean;
  readonly onClose: () => void;
}

export function PassportDialog({ session, device, lost, onClose }: PassportDialogProps) {
  const { t } = useTranslation();
  const hand = useAudit(session, lost);
  const [asked, setAsked] = useState(false);
  const { audit } = hand;
  const run = (folder: string) => {
    setAsked(true);
    hand.run({ kind: 'passport', device: device.deviceId, folder });
  };
  return (
    <Dialog
      title={t('audit/passport/title', { serial: device.serial ?? t('tile/noSerial') })}
      onClose={onClose}
    >
      <p className="dialog-text">{t('audit/passport/what')}</p>
      {audit && <NoFolders folders={audit.folders} />}
      <fieldset className="choices" aria-label={t('audit/field/folder')}>
        {audit?.folders.map(folder => (
          <button
            key={folder}
            type="button"
            className="button"
            disabled={lost || hand.busy}
            onClick={() => run(folder)}
          >
            <span>{t('audit/passport/to', { folder })}</span>
          </button>
        ))}
      </fieldset>
      {/* What was done before is of something else. */}
      {(asked || hand.busy || hand.failure) && <WorkPanel hand={hand} lost={lost} />}
    </Dialog>
  );
}
