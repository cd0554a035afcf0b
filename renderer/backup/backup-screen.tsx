/**
 * The Backup screen: on the left what was made and when the next is due, on the right every backup and what is done with them. The
 * work is the station's: it goes on when somebody leaves the screen.
 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupRow } from '../../src/api/contract.ts';
import type { ScreenProps } from '../frame/screen.ts';
import { BackupDialog } from './backup-dialog.tsx';
import { BackupList } from './backup-list.tsx';
import { BackupState } from './backup-state.tsx';
import { BackupWorkPanel } from './backup-work.tsx';
import { useBackup } from './use-backup.ts';
import './backup-screen.css';

export function BackupScreen({ session, view, lost, onPlace }: ScreenProps) {
  const { t } = useTranslation();
  const hand = useBackup(session, lost);
  const [opened, setOpened] = useState<string>();
  const { backup } = hand;
  const row: BackupRow | undefined = backup?.backups?.find(({ name }) => name === opened);
  return (
    <main className="panes backup" aria-label={t('screens/backup/title')}>
      <BackupState
        backup={backup}
        disabled={lost || hand.busy}
        onMake={hand.make}
        onSettings={() => onPlace('settings')}
      />
      <section className="work-pane" aria-label={t('backup/list')}>
        <Rows hand={hand} onOpen={setOpened} />
        <BackupWorkPanel hand={hand} lost={lost} />
      </section>
      {backup && row && (
        <BackupDialog
          session={session}
          view={view}
          row={row}
          now={backup.now}
          mayRestore={backup.canRestore}
          disabled={lost || hand.busy}
          onVerify={() => {
            setOpened(undefined);
            hand.verify(row.name);
          }}
          onBegun={() => {
            setOpened(undefined);
            hand.look();
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
    </main>
  );
}

function Rows({ hand, onOpen }: { hand: ReturnType<typeof useBackup>; onOpen: (name: string) => void }) {
  const { t } = useTranslation();
  const { backup } = hand;
  if (!backup || backup.folder === undefined) return null;
  if (backup.unreadable !== undefined)
    return (
      <p className="backup-quiet" role="alert">
        {t('backup/unreadable')} <span className="mono">{backup.unreadable}</span>
      </p>
    );
  if (!backup.backups) return <p role="status">{t('backup/looking')}</p>;
  if (backup.backups.length === 0) return <p className="backup-quiet">{t('backup/empty')}</p>;
  return <BackupList rows={backup.backups} now={backup.now} onOpen={({ name }) => onOpen(name)} />;
}
