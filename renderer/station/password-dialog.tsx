/**
 * The password of a TPM's endorsement hierarchy, entered at its fixture: by keys on the screen, keyboard or scanner, and
 * never shown. Then who gives it, unless a supervisor is signed in by PIN. The unit is tested with it at once.
 */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView, OneTimeSignIn, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, passwordCard } from '../messages/card.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { ScreenKeys } from '../parts/screen-keys.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';
import './password-dialog.css';

interface PasswordDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly fixture: FixtureView;
  readonly lost: boolean;
  readonly onClose: () => void;
}

const longestPassword = 64;

export function PasswordDialog({ session, view, fixture, lost, onClose }: PasswordDialogProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [isEntered, setIsEntered] = useState(false);
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);
  const { who } = view;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isEntered) form.current?.querySelector('input')?.focus();
  }, [isEntered]);
  const mayAlready = who?.state === 'signed-in' && who.proof === 'pin' && who.role === 'supervisor';

  const give = async (by?: OneTimeSignIn) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const answer = await session.giveHierarchyPassword({
        fixture: fixture.id,
        password,
        ...(by && { by }),
      });
      if (answer.ok) return onClose();
      setRefusal(passwordCard(answer.code));
      if (answer.code === 'hierarchy-password-invalid') setIsEntered(false);
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const take = () => {
    if (password === '' || busy || lost) return;
    if (mayAlready) void give();
    else setIsEntered(true);
  };
  const edit = (text: string) => {
    setRefusal(undefined);
    setPassword(text);
  };
  return (
    <Dialog
      title={t('password/title', { number: String(fixture.number) })}
      onClose={onClose}
      className="password-dialog"
    >
      {isEntered ? (
        <div ref={form}>
          <ActForm
            effect={t('password/effect')}
            roles={['supervisor']}
            who={who}
            badgePrefix={view.station.badgePrefix}
            reasons={undefined}
            label={t('password/test')}
            refusal={refusal}
            busy={busy || lost}
            onDo={({ by }) => void give(by)}
            onBack={() => setIsEntered(false)}
          />
        </div>
      ) : (
        <PasswordEntry
          password={password}
          take={t(mayAlready ? 'password/test' : 'password/next')}
          refusal={refusal}
          disabled={password === '' || busy || lost}
          onEdit={edit}
          onTake={take}
        />
      )}
    </Dialog>
  );
}

interface PasswordEntryProps {
  readonly password: string;
  readonly take: string;
  readonly refusal: CardName | undefined;
  readonly disabled: boolean;
  readonly onEdit: (password: string) => void;
  readonly onTake: () => void;
}

function PasswordEntry({ password, take, refusal, disabled, onEdit, onTake }: PasswordEntryProps) {
  const { t } = useTranslation();
  useKeyLayer({
    onWedge(event) {
      // Its characters are in the field already, typed fast or scanned; Enter was its end.
      if (event.kind === 'number' ? event.entered : event.kind !== 'unterminated') onTake();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        onTake();
        return true;
      }
      const text = typedText(password, event, longestPassword);
      if (text === undefined) return false;
      onEdit(text);
      return true;
    },
  });
  const count = password.length;
  return (
    <>
      <p className="dialog-text">{t('password/what')}</p>
      <output className="password-dots" aria-label={t('password/entered', { count })}>
        {'●'.repeat(count)}
      </output>
      {refusal && <Refusal name={refusal} />}
      <ScreenKeys
        label={t('password/label')}
        onAdd={character => onEdit((password + character).slice(0, longestPassword))}
        onErase={() => onEdit(password.slice(0, -1))}
      />
      <div className="dialog-actions">
        <button
          type="button"
          className="button button-main password-take"
          disabled={disabled}
          onClick={onTake}
        >
          {take} <kbd>Enter</kbd>
        </button>
      </div>
    </>
  );
}
