/** The one dialog that is open, if any. */
import type { StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { OrderDialog } from '../orders/order-dialog.tsx';
import { ChooseDialog } from './choose-dialog.tsx';
import { DetailDialog } from './detail-dialog.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { OverruleDialog } from './overrule-dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { ResultsDialog } from './results-dialog.tsx';
import { TwoReadingsDialog } from './two-readings-dialog.tsx';
import type { Desk } from './use-desk.ts';

interface OverlaysProps {
  readonly session: Session;
  readonly desk: Desk;
  readonly view: StationView;
  readonly lost: boolean;
  readonly onDevice: (name: string) => void;
}

export function Overlays({ session, desk, view, lost, onDevice }: OverlaysProps) {
  const { overlay, notice, closeOverlay: onClose } = desk;
  const common = { notice, onClose };
  if (!overlay) return null;
  if (overlay.kind === 'choose')
    return <ChooseDialog {...common} text={overlay.text} fixtures={view.fixtures} onChoose={desk.choose} />;
  if (overlay.kind === 'overrule')
    return (
      <OverruleDialog session={session} view={view} harvest={overlay.harvest} lost={lost} onClose={onClose} />
    );
  if (overlay.kind === 'order')
    return (
      <OrderDialog session={session} view={view} lost={lost} scanned={overlay.scanned} onClose={onClose} />
    );
  if (overlay.kind === 'results')
    return (
      <ResultsDialog
        session={session}
        fixtures={view.fixtures}
        attempts={view.today.attempts}
        lost={lost}
        onDevice={onDevice}
        onClose={onClose}
      />
    );
  const fixture = view.fixtures.find(({ id }) => id === overlay.fixture);
  if (!fixture) return null;
  if (overlay.kind === 'two-readings')
    return (
      <TwoReadingsDialog
        {...common}
        fixture={fixture}
        scan={overlay.scan}
        text={overlay.text}
        onParted={() => desk.chooseReading('parted')}
        onWhole={() => desk.chooseReading('whole')}
      />
    );
  if (overlay.kind === 'password')
    return <PasswordDialog session={session} view={view} fixture={fixture} lost={lost} onClose={onClose} />;
  if (overlay.kind === 'detail')
    return (
      <DetailDialog
        {...common}
        fixture={fixture}
        rehearsal={view.station.rehearsal}
        actions={lost ? undefined : desk.tiles}
      />
    );
  return (
    <EntryDialog
      {...common}
      number={fixture.number}
      text={overlay.text}
      slow={overlay.slow}
      onEdit={desk.edit}
      onTake={desk.submitEntry}
    />
  );
}
