/**
 * Why, and who: what an act needs before it is done. Who is signed in with the right role by PIN is not asked again; anybody
 * else who may do it shows who they are for this one act, by badge or id, and their PIN.
 */
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrainAct, Role, WhoView } from '../../src/api/contract.ts';
import type { CardName } from '../messages/card.ts';
import { useKeyLayer } from '../scan/key-layers.ts';
import { DigitKeys } from './digit-keys.tsx';
import { Refusal } from './refusal.tsx';
import './act-form.css';

interface ActFormProps {
  /** What will happen. */
  readonly effect: string;
  /** Whose act it is; empty: everybody's, and no reason is asked either. */
  readonly roles: readonly Role[];
  readonly who: WhoView | undefined;
  /** What badges begin with; absent: any scan is a badge. */
  readonly badgePrefix: string | undefined;
  /** Reasons that a touch gives; undefined: no reason is asked. */
  readonly reasons: readonly string[] | undefined;
  readonly label: string;
  readonly refusal: CardName | undefined;
  readonly busy: boolean;
  readonly onDo: (act: DrainAct) => void;
  readonly onBack: () => void;
}

const longestReason = 200;
/** Milliseconds between two characters: of one burst at most, and a scanner's at most, which no hand keeps up for a badge. */
const burstGap = 100;
const scannerGap = 50;

export function ActForm({
  effect,
  roles,
  who,
  badgePrefix,
  reasons,
  label,
  refusal,
  busy,
  onDo,
  onBack,
}: ActFormProps) {
  const { t } = useTranslation();
  const field = useId();
  const [reason, setReason] = useState('');
  const [id, setId] = useState('');
  const [pin, setPin] = useState('');
  const [badge, setBadge] = useState<string>();
  const needsSomebody = roles.length > 0;
  const needsReason = needsSomebody && reasons !== undefined;
  const mayAlready =
    !needsSomebody || (who?.state === 'signed-in' && who.proof === 'pin' && roles.includes(who.role));
  const named = badge !== undefined || id.trim() !== '';
  const ready = !busy && (!needsReason || reason.trim() !== '') && (mayAlready || (named && pin !== ''));
  const submit = () => {
    if (!ready) return;
    setPin('');
    const claim = badge === undefined ? { id: id.trim() } : { badge };
    onDo({ reason, ...(mayAlready ? {} : { by: { ...claim, pin } }) });
  };
  const takeBadge = (text: string) => {
    // A scan shows in the field that has the focus before it is known for one.
    const without = (entered: string) => (entered.endsWith(text) ? entered.slice(0, -text.length) : entered);
    setReason(without);
    setPin(without);
    setId('');
    setBadge(text);
    document.getElementById(`${field}-pin`)?.focus();
  };
  const burst = useRef({ at: 0, gap: 0 });
  useKeyLayer({
    badges: !mayAlready,
    onKey({ timeStamp }) {
      const gap = timeStamp - burst.current.at;
      burst.current = { at: timeStamp, gap: gap > burstGap ? 0 : Math.max(burst.current.gap, gap) };
      return false;
    },
    onWedge(event) {
      const isScan = event.kind === 'scan' && burst.current.gap <= scannerGap;
      const isBadge =
        event.kind === 'scan' && (badgePrefix === undefined ? isScan : event.text.startsWith(badgePrefix));
      if (isBadge && !mayAlready) takeBadge(event.text);
      // Typed fast, with Enter at the end: its characters are in the field already.
      else if (event.kind === 'number' ? event.entered : event.kind !== 'unterminated') submit();
      return true;
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <form className="act" onSubmit={onSubmit} autoComplete="off">
      <div className="act-effect">
        <h3>{t('act/happens')}</h3>
        <p>{effect}</p>
      </div>
      {needsReason && (
        <div className="act-field">
          <label htmlFor={`${field}-reason`}>{t('act/reason')}</label>
          <input
            id={`${field}-reason`}
            data-first
            value={reason}
            maxLength={longestReason}
            placeholder={t('act/reasonHint')}
            onChange={event => setReason(event.target.value)}
          />
          <div className="act-reasons">
            {reasons.map(each => (
              <button
                key={each}
                type="button"
                className="button"
                aria-pressed={reason === each}
                onClick={() => setReason(each)}
              >
                {each}
              </button>
            ))}
          </div>
        </div>
      )}
      {!mayAlready && (
        <fieldset className="act-who">
          <legend>
            {t('act/who')} · {roles.map(role => t(`role/${role}`)).join(', ')}
          </legend>
          <div className="act-field">
            <label htmlFor={`${field}-id`}>{t('act/id')}</label>
            <input
              id={`${field}-id`}
              value={id}
              maxLength={64}
              placeholder={t(badge === undefined ? 'act/orBadge' : 'act/badge')}
              autoCapitalize="none"
              spellCheck={false}
              onChange={event => {
                setBadge(undefined);
                setId(event.target.value);
              }}
            />
          </div>
          <div className="act-field">
            <label htmlFor={`${field}-pin`}>{t('act/pin')}</label>
            <input
              id={`${field}-pin`}
              type="password"
              value={pin}
              maxLength={64}
              autoComplete="off"
              onChange={event => setPin(event.target.value)}
            />
          </div>
          <DigitKeys
            onDigit={digit => setPin(now => (now + digit).slice(0, 64))}
            onErase={() => setPin(now => now.slice(0, -1))}
          />
        </fieldset>
      )}
      {needsSomebody && mayAlready && who?.state === 'signed-in' && (
        <p className="act-signed-in">
          {t('act/who')}: <b>{t('act/asSignedIn', { name: who.name })}</b>
        </p>
      )}
      {refusal && <Refusal name={refusal} />}
      <div className="act-actions">
        <button type="button" className="button" onClick={onBack}>
          {t('act/back')}
        </button>
        <button type="submit" className="button button-main" disabled={!ready}>
          {label}
        </button>
      </div>
    </form>
  );
}
