/** Holding back what goes to DPS, or letting it go again: what follows, why, and who. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrainAct, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, refusalCard } from '../messages/card.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';

interface PauseDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly resumes: boolean;
  readonly lost: boolean;
  readonly onClose: () => void;
}

const reasons = {
  pause: ['maintenance', 'network', 'wrong'],
  resume: ['done', 'tested'],
} as const;

export function PauseDialog({ session, view, resumes, lost, onClose }: PauseDialogProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);
  const carryOut = async (act: DrainAct) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const answer = await (resumes ? session.resumeDrain(act) : session.pauseDrain(act));
      if (answer.ok) onClose();
      else setRefusal(refusalCard(answer.code));
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const words = resumes ? 'resume' : 'pause';
  return (
    <Dialog title={t(`outbox/pauseDialog/${words}Title`)} onClose={onClose}>
      <ActForm
        effect={t(`outbox/pauseDialog/${words}What`)}
        roles={['supervisor', 'engineer']}
        who={view.who}
        badgePrefix={view.station.badgePrefix}
        reasons={reasons[words].map(each => t(`outbox/pauseDialog/reasons/${each}`))}
        label={t(`outbox/${words}`)}
        refusal={refusal}
        busy={busy || lost}
        onDo={act => void carryOut(act)}
        onBack={onClose}
      />
    </Dialog>
  );
}
