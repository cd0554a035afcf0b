/** The dialogs around who is at the window: signing in, more rights by PIN, the person, one's own PIN, the first supervisor, the end of the kiosk. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInAnswer, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard, refusalCard } from '../messages/card.ts';
import type { Notice } from '../parts/notice.tsx';
import type { AccessDialog } from './access-dialog.ts';
import { FirstSupervisor } from './first-supervisor.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { PinDialog, type PinRefusal } from './pin-dialog.tsx';
import { useLeftAlone } from './use-left-alone.ts';
import { WhoDialog } from './who-dialog.tsx';

interface AccessDialogsProps {
  readonly open: AccessDialog;
  readonly session: Session;
  readonly view: StationView;
  readonly onOpen: (dialog: AccessDialog) => void;
  readonly onLock: () => void;
  readonly onClose: () => void;
}

/** `undefined` where the answer is a yes. */
export function refusalOf(answer: SignInAnswer): PinRefusal | undefined {
  return answer.ok ? undefined : { card: refusalCard(answer.code), waitMs: answer.waitMs };
}

export function AccessDialogs({ open, session, view, onOpen, onLock, onClose }: AccessDialogsProps) {
  const { t } = useTranslation();
  useLeftAlone(onClose, open.kind === 'sign-in' || open.kind === 'enter-pin');
  switch (open.kind) {
    case 'sign-in':
      return <SignIn session={session} view={view} onClose={onClose} />;
    case 'enter-pin':
      return (
        <PinDialog
          title={t('signIn/pin', { name: open.name })}
          what={t('signIn/moreWhat')}
          steps={['pin']}
          take={t('signIn/take')}
          onPins={async ({ pin }) => refusalOf(await session.signIn({ id: open.id, pin: pin! }))}
          onClose={onClose}
        />
      );
    case 'person':
      return <PersonDialog who={view.who} onOpen={onOpen} onLock={onLock} onClose={onClose} />;
    case 'own-pin':
      return (
        <PinDialog
          title={t('who/ownPin')}
          steps={['old', 'new', 'again']}
          take={t('pin/set')}
          onPins={async ({ old, new: newPin }) => {
            const answer = await session.setOwnPin({ pin: old!, newPin: newPin! });
            if (!answer.ok) return { card: refusalCard(answer.code) };
            onClose();
            return undefined;
          }}
          onClose={onClose}
        />
      );
    case 'first':
      return <FirstSupervisor session={session} view={view} onClose={onClose} />;
    case 'leave':
      return <LeaveDialog session={session} view={view} onClose={onClose} />;
  }
}

/** First who, then the PIN; a badge that is scanned at either is somebody else's turn. */
function SignIn({ session, view, onClose }: Pick<AccessDialogsProps, 'session' | 'view' | 'onClose'>) {
  const { t } = useTranslation();
  const [id, setId] = useState<string>();
  const [notice, setNotice] = useState<Notice>();
  const badge = async (text: string) => {
    try {
      const answer = await session.signIn({ badge: text });
      setId(undefined);
      setNotice(answer.ok ? undefined : { card: refusalCard(answer.code) });
    } catch (error) {
      setNotice({ card: callCard(error) });
    }
  };
  if (id === undefined)
    return <WhoDialog notice={notice} onBadge={text => void badge(text)} onId={setId} onClose={onClose} />;
  const prefix = view.station.badgePrefix;
  return (
    <PinDialog
      title={t('signIn/pin', { name: id })}
      steps={['pin']}
      take={t('signIn/take')}
      onPins={async ({ pin }) => refusalOf(await session.signIn({ id, pin: pin! }))}
      onBadge={text => void badge(text)}
      isBadge={text => prefix !== undefined && text.startsWith(prefix)}
      onClose={onClose}
    />
  );
}
