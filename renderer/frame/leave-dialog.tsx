/** The end of the kiosk: what it means, that nothing may be under test, and why and by whom as soon as people sign in. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeaveAct, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, refusalCard } from '../messages/card.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Attention } from '../parts/attention.tsx';
import { Dialog } from '../parts/dialog.tsx';

interface LeaveDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly onClose: () => void;
}

const reasons = ['service', 'update', 'move'] as const;

export function LeaveDialog({ session, view, onClose }: LeaveDialogProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<CardName>();
  const [phase, setPhase] = useState<'open' | 'asking' | 'ending'>('open');
  const running = view.fixtures.filter(({ state }) => state === 'running').length;
  const waiting = view.outbox.queued + view.outbox.sending;
  const end = async (act: LeaveAct) => {
    setPhase('asking');
    setRefusal(undefined);
    try {
      const answer = await session.leaveKiosk(act);
      setPhase(answer.ok ? 'ending' : 'open');
      if (!answer.ok) setRefusal(refusalCard(answer.code));
    } catch (error) {
      setPhase('open');
      setRefusal(callCard(error));
    }
  };
  return (
    <Dialog title={t('leave/open')} onClose={onClose}>
      {phase === 'ending' ? (
        <p role="status">{t('leave/ending')}</p>
      ) : (
        <>
          {running > 0 && (
            <Attention title={t('leave/running', { count: running })}>{t('leave/runningWhat')}</Attention>
          )}
          <ActForm
            effect={waiting > 0 ? t('leave/effectWaiting', { count: waiting }) : t('leave/effect')}
            roles={view.who ? ['supervisor', 'engineer'] : []}
            who={view.who}
            badgePrefix={view.station.badgePrefix}
            reasons={reasons.map(each => t(`leave/reasons/${each}`))}
            label={t('leave/open')}
            refusal={refusal}
            busy={phase === 'asking' || running > 0}
            onDo={act => void end(act)}
            onBack={onClose}
          />
        </>
      )}
    </Dialog>
  );
}
