/**
 * A refused duplicate, over the screen: what is on record beside the unit that was just read, both with their history, what
 * follows from the decision before it is made, and who makes it. Whoever is signed in stays so, and the fixtures go on.
 */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttemptComparison, DrainAct, StationView, VerdictCode } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, refusalCard, useCard } from '../messages/card.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Done } from '../parts/done.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { BothHistories } from './both-histories.tsx';
import '../parts/desk.css';

interface OverruleDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly harvest: string;
  readonly lost: boolean;
  readonly onClose: () => void;
}

const reasons = {
  relabel: ['label', 'wrongLabel', 'checked'],
  accept: ['board', 'reset', 'checked'],
} as const;

export function OverruleDialog({ session, view, harvest, lost, onClose }: OverruleDialogProps) {
  const { t } = useTranslation();
  const [comparison, setComparison] = useState<AttemptComparison>();
  const [done, setDone] = useState<string>();
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let here = true;
    session.compareAttempt({ harvest }).then(
      answer => {
        if (!here) return;
        if (answer.ok) setComparison(answer.comparison);
        else setRefusal(refusalCard(answer.code));
      },
      error => here && setRefusal(callCard(error)),
    );
    return () => {
      here = false;
    };
  }, [session, harvest]);

  const carryOut = async ({ overruling, deviceId, serial }: AttemptComparison, { reason, by }: DrainAct) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const answer = await session.overruleAttempt({
        harvest,
        overruling,
        device: deviceId,
        reason,
        ...(by && { by }),
      });
      if (answer.ok) setDone(t(`overrule/done/${overruling}`, { serial }));
      else setRefusal(refusalCard(answer.code));
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const effectOf = ({ overruling, serial, serialBefore, isEnrolled }: AttemptComparison) =>
    [
      t(`overrule/effect/${overruling}`, { serial, serialBefore }),
      t(`overrule/effect/${isEnrolled ? 'ended' : 'none'}`),
      t('overrule/effect/passes'),
    ].join(' ');
  const isOpen = comparison && !comparison.namesTaken && done === undefined;
  return (
    <Dialog
      title={comparison ? t('overrule/title', { serial: comparison.serial }) : ''}
      onClose={onClose}
      className="desk"
    >
      <div className="desk-body">
        <div className="desk-facts">
          {comparison && <Why comparison={comparison} />}
          {comparison && <BothHistories comparison={comparison} fixtures={view.fixtures} />}
        </div>
        <div className="desk-side">
          {done !== undefined && <Done text={done} onClose={onClose} />}
          {comparison?.namesTaken && <Refusal name="desk/names-taken" />}
          {!comparison && refusal && <Refusal name={refusal} />}
          {isOpen && (
            <ActForm
              effect={effectOf(comparison)}
              roles={comparison.roles}
              who={view.who}
              badgePrefix={view.station.badgePrefix}
              reasons={reasons[comparison.overruling].map(each => t(`overrule/reasons/${each}`))}
              label={t(`overrule/choice/${comparison.overruling}`)}
              refusal={refusal}
              busy={busy || lost}
              onDo={act => void carryOut(comparison, act)}
              onBack={onClose}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Why({ comparison: { code, serialBefore } }: { comparison: AttemptComparison }) {
  const { what } = useCard()(`verdict/${code as VerdictCode}`, { otherSerial: serialBefore });
  return <p>{what}</p>;
}
