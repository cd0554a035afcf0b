/** One thing that is done to a device: what follows from it before it is done, why, and who. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceHistory, DrainAct, OpenDeviceAct, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, refusalCard } from '../messages/card.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Done } from '../parts/done.tsx';

export interface ChosenAct {
  readonly device: DeviceHistory;
  readonly act: OpenDeviceAct;
}

interface ActDialogProps extends ChosenAct {
  readonly session: Session;
  readonly view: StationView;
  readonly lost: boolean;
  /** The device that there is afterwards. */
  readonly onDone: (deviceId: string) => void;
  readonly onClose: () => void;
}

const reasons = {
  update: [],
  disable: ['lost', 'returned'],
  enable: ['found', 'repaired'],
  replace: ['board', 'reset'],
  delete: ['scrap', 'rma'],
} as const;

export function ActDialog({ session, view, device, act, lost, onDone, onClose }: ActDialogProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<string>();
  const { verb, roles } = act;
  const carryOut = async ({ reason, by }: DrainAct) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      // What needs no role needs no reason of its own either.
      const because = roles.length === 0 ? t(`devices/acts/${verb}/name`) : reason;
      const answer = await session.actOnDevice({
        device: device.deviceId,
        verb,
        reason: because,
        ...(by && { by }),
      });
      if (answer.ok) {
        setDone(t(answer.changes ? `devices/acts/${verb}/done` : 'devices/acts/unchanged'));
        onDone(answer.deviceId);
      } else setRefusal(refusalCard(answer.code));
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const serial = device.serial ?? t('tile/noSerial');
  return (
    <Dialog title={`${t(`devices/acts/${verb}/name`)}: ${serial}`} onClose={onClose}>
      {done === undefined ? (
        <ActForm
          effect={t(`devices/acts/${verb}/effect`)}
          roles={roles}
          who={view.who}
          badgePrefix={view.station.badgePrefix}
          reasons={reasons[verb].map(each => t(`devices/acts/reasons/${each}`))}
          label={t(`devices/acts/${verb}/name`)}
          refusal={refusal}
          busy={busy || lost}
          onDo={given => void carryOut(given)}
          onBack={onClose}
        />
      ) : (
        <Done text={done} onClose={onClose} />
      )}
    </Dialog>
  );
}
