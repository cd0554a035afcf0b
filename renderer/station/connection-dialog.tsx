/** What stands behind the line at the foot: why DPS is not reached, how many entries wait in which state, and what is wrong with the backups. */
import { useTranslation } from 'react-i18next';
import type { ConnectionView, OutboxView, StationView } from '../../src/api/contract.ts';
import { useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';

interface ConnectionDialogProps {
  readonly connection: ConnectionView;
  readonly outbox: OutboxView;
  readonly backup: StationView['backup'];
  readonly onClose: () => void;
}

export function ConnectionDialog({ connection, outbox, backup, onClose }: ConnectionDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (['queued', 'sending', 'enrolled', 'conflict', 'quarantined'] as const).map(
    state => [t(`connection/${state}`), format.number(outbox[state])] as const,
  );
  const facts = [
    [t('connection/state'), t(`connectionState/${connection.state}`)],
    [t('connection/since'), format.moment(connection.since)],
    [t('connection/host'), connection.host ?? t('foot/none')],
    [
      t('connection/lastContact'),
      connection.lastContact === undefined ? t('connection/never') : format.moment(connection.lastContact),
    ],
    ...count,
  ] as const;
  return (
    <Dialog title={t('connection/title')} onClose={onClose}>
      <Explanation connection={connection} />
      {outbox.conflict + outbox.quarantined > 0 && <p className="dialog-text">{t('connection/asideWhat')}</p>}
      {backup && <BackupTrouble trouble={backup} />}
      <Facts facts={facts} />
    </Dialog>
  );
}

function Explanation({ connection: { state, code } }: { connection: ConnectionView }) {
  const { t } = useTranslation();
  const card = useCard();
  if (state === 'online' || state === 'not-configured')
    return <p className="dialog-text">{t(`connection/${state}`)}</p>;
  const { title, what, do: now } = card(`dps/${code ?? 'offline'}`);
  return (
    <p className="dialog-text">
      <b>{title}.</b> {what} <b>{now}</b>
    </p>
  );
}

function BackupTrouble({ trouble: { kind, good } }: { trouble: NonNullable<StationView['backup']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const {
    title,
    what,
    do: now,
  } = useCard()(`backupTrouble/${kind}`, {
    good: good === null ? t('backup/none') : format.date(good),
  });
  return (
    <p className="dialog-text">
      <b>{title}.</b> {what} <b>{now}</b>
    </p>
  );
}
