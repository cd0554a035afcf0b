/** The Outbox screen, between the header and the foot: how what waits goes to DPS, the list of it, and the conflict desk. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxView, QueueEntry, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { DeskDialog } from './desk-dialog.tsx';
import { DrainPanel } from './drain-panel.tsx';
import { type Filter, OutboxList } from './outbox-list.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { useOutlook } from './use-outlook.ts';
import './outbox-screen.css';

interface OutboxScreenProps {
  readonly session: Session;
  readonly view: StationView;
  /** No contact: the view is the last one known. */
  readonly lost: boolean;
}

type Open =
  | { readonly kind: 'entry'; readonly entry: QueueEntry }
  | { readonly kind: 'pause'; readonly resumes: boolean };

export function OutboxScreen({ session, view, lost }: OutboxScreenProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<Filter>(() => firstFilter(view.outbox));
  const [open, setOpen] = useState<Open>();
  const outlook = useOutlook(session, view);
  const close = () => setOpen(undefined);
  return (
    <main className="outbox" aria-label={t('screens/outbox/title')}>
      <DrainPanel
        view={view}
        outlook={outlook}
        lost={lost}
        onPause={() => setOpen({ kind: 'pause', resumes: false })}
        onResume={() => setOpen({ kind: 'pause', resumes: true })}
        onTryNow={() => session.tryDrainNow()}
      />
      <OutboxList
        session={session}
        outbox={view.outbox}
        debts={outlook?.certificateDebt}
        filter={filter}
        onFilter={setFilter}
        onOpen={entry => setOpen({ kind: 'entry', entry })}
      />
      {open?.kind === 'entry' && (
        <DeskDialog session={session} view={view} entry={open.entry} lost={lost} onClose={close} />
      )}
      {open?.kind === 'pause' && (
        <PauseDialog session={session} view={view} resumes={open.resumes} lost={lost} onClose={close} />
      )}
    </main>
  );
}

/** What calls for a person comes first. */
function firstFilter({ conflict, quarantined }: OutboxView): Filter {
  if (conflict > 0) return 'conflict';
  return quarantined > 0 ? 'quarantined' : 'queued';
}
