/**
 * Enters one person: one column, and beside it, live, what this will mean. A badge may be scanned at any time: wherever the
 * focus is, it goes to the badge and to no other field.
 */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewPerson, Role } from '../../src/api/contract.ts';
import { PinDialog } from '../frame/pin-dialog.tsx';
import { type CardName, callCard } from '../messages/card.ts';
import { NoticeBar } from '../parts/notice.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import type { WedgeEvent } from '../scan/wedge.ts';
import './person-form.css';

interface PersonFormProps {
  /** One alone: nothing is chosen. */
  readonly roles: readonly [Role, ...Role[]];
  readonly take: string;
  /** What badges begin with; absent: any scan is the badge. */
  readonly badgePrefix: string | undefined;
  readonly disabled?: boolean;
  /** Undefined: done. */
  readonly onTake: (person: NewPerson) => Promise<CardName | undefined>;
}

interface Entered {
  readonly name: string;
  readonly id: string;
  readonly role: Role;
  readonly badge: string | undefined;
  readonly pin: string | undefined;
}

/** Milliseconds between two characters: a scanner's at most, and no hand's for a whole badge. */
const scannerGap = 50;

export function PersonForm({ roles, take, badgePrefix, disabled = false, onTake }: PersonFormProps) {
  const { t } = useTranslation();
  const empty: Entered = { name: '', id: '', role: roles[0], badge: undefined, pin: undefined };
  const [entered, setEntered] = useState(empty);
  const [refused, setRefused] = useState<CardName>();
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState(false);
  /** As it was before the burst that may turn out to be a badge, the longest gap in that burst, and its characters. */
  const burst = useRef({ before: empty, at: 0, gap: 0, length: 0 });
  const change = (to: Partial<Entered>) => {
    setRefused(undefined);
    setEntered(now => ({ ...now, ...to }));
  };
  useKeyLayer({
    badges: true,
    onWedge(event) {
      const inField = document.activeElement instanceof HTMLInputElement;
      const badge = badgeIn(event, inField);
      if (badge === undefined) {
        if (event.kind === 'scan' && (!inField || burst.current.gap <= scannerGap)) return false;
        if (inField && event.kind !== 'unterminated') goOn();
        return true;
      }
      setRefused(undefined);
      setEntered({ ...burst.current.before, badge });
      if (inField) (document.activeElement as HTMLElement).blur();
      return true;
    },
    onKey(event) {
      const gap = event.timeStamp - burst.current.at;
      const isNew = gap > 100;
      burst.current = {
        before: isNew ? entered : burst.current.before,
        at: event.timeStamp,
        gap: isNew ? 0 : Math.max(burst.current.gap, gap),
        length: (isNew ? 0 : burst.current.length) + (event.key.length === 1 ? 1 : 0),
      };
      if (event.key !== 'Enter' || !(document.activeElement instanceof HTMLInputElement)) return false;
      goOn();
      return true;
    },
  });
  /** A badge, also one that is scanned right after something was typed in a field. */
  const badgeIn = (event: WedgeEvent, isInField: boolean): string | undefined => {
    const { gap, length } = burst.current;
    const isBurst = gap <= scannerGap;
    let text: string | undefined;
    if (event.kind === 'scan' && (isBurst || !isInField)) text = event.text;
    else if (event.kind === 'typed' && isInField && isBurst && length >= 3) text = event.text.slice(-length);
    return text !== undefined && (badgePrefix === undefined || text.startsWith(badgePrefix))
      ? text
      : undefined;
  };
  const missing = missingOf(entered);
  const form = useRef<HTMLFormElement>(null);
  const field = (name: string) => form.current?.querySelector<HTMLElement>(`[data-field="${name}"]`);
  /** Enter in a field: to what is missing, or done. */
  const goOn = () => {
    if (missing === 'name' || missing === 'id') field(missing)?.focus();
    else if (missing) {
      // Where the PIN's dialog leads back to.
      field('pin')?.focus();
      setChoosing(true);
    } else void submit();
  };
  /** Enter goes on once the PIN is chosen: the dialog itself would give the focus back to its own button. */
  const leads = useRef(false);
  useEffect(() => {
    if (choosing || !leads.current) return;
    leads.current = false;
    form.current?.querySelector<HTMLElement>('[type=submit]:enabled')?.focus();
  }, [choosing]);
  const submit = async () => {
    if (missing || busy || disabled) return;
    setBusy(true);
    try {
      const { pin, badge, name, id, role } = entered;
      const person = { id, name: name.trim(), role, ...(pin && { pin }), ...(badge && { badge }) };
      const card = await onTake(person);
      if (card) setRefused(card);
      else setEntered(empty);
    } catch (error) {
      setRefused(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      className="person-form"
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field label={t('people/name')} what={t('people/nameWhat')}>
        {id => (
          <input
            id={id}
            data-first
            data-field="name"
            value={entered.name}
            maxLength={60}
            autoComplete="off"
            onChange={event => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('people/id')} what={t('people/idWhat')}>
        {id => (
          <input
            id={id}
            className="mono"
            data-field="id"
            value={entered.id}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={event =>
              change({
                id: event.target.value
                  .toLowerCase()
                  .replace(/[^a-z0-9._-]/g, '')
                  .replace(/^[._-]+/, ''),
              })
            }
          />
        )}
      </Field>
      {roles.length > 1 && (
        <fieldset className="person-roles">
          <legend>{t('people/role')}</legend>
          {roles.map(role => (
            <label key={role} className="button person-role">
              <input
                type="radio"
                name="role"
                className="unseen"
                checked={entered.role === role}
                onChange={() => change({ role })}
              />
              {t(`role/${role}`)}
            </label>
          ))}
        </fieldset>
      )}
      <div className="person-way">
        <span className="person-label">{t('people/badge')}</span>
        <span className="person-state">
          {t(entered.badge === undefined ? 'people/noBadge' : 'people/hasBadge')}
        </span>
        {entered.badge !== undefined && (
          <button type="button" className="button" onClick={() => change({ badge: undefined })}>
            {t('people/dropBadge')}
          </button>
        )}
      </div>
      <div className="person-way">
        <span className="person-label">{t('people/pin')}</span>
        <span className="person-state">
          {t(entered.pin === undefined ? 'people/noPin' : 'people/hasPin')}
        </span>
        <button type="button" className="button" data-field="pin" onClick={() => setChoosing(true)}>
          {t('people/choosePin')}
        </button>
      </div>
      {refused && <NoticeBar notice={{ card: refused }} />}
      <p className="person-effect" aria-live="polite">
        <strong>{t('people/effect')}</strong>
        {missing ? <span>{t(`people/missing/${missing}`)}</span> : <Effect entered={entered} />}
        <span>{t(`roleMay/${entered.role}`)}</span>
      </p>
      <button
        type="submit"
        className="button button-main"
        disabled={missing !== undefined || busy || disabled}
      >
        {take}
      </button>
      {choosing && (
        <PinDialog
          title={t('people/choosePin')}
          steps={['new', 'again']}
          take={t('pin/set')}
          onPins={async ({ new: pin }) => {
            change({ pin });
            leads.current = true;
            setChoosing(false);
            return undefined;
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly what: string;
  /** Is given the id of its input. */
  readonly children: (id: string) => ReactNode;
}

function Field({ label, what, children }: FieldProps) {
  const id = useId();
  return (
    <div className="person-field">
      <label htmlFor={id} className="person-label">
        {label}
      </label>
      {children(id)}
      <span className="person-what">{what}</span>
    </div>
  );
}

/** How this person will sign in. */
function Effect({ entered: { name, id, role, badge, pin } }: { entered: Entered }) {
  const { t } = useTranslation();
  const values = { name: name.trim(), id };
  if (pin === undefined) return <span>{t('people/byBadge', values)}</span>;
  if (badge === undefined) return <span>{t('people/byPin', values)}</span>;
  return <span>{t(role === 'operator' ? 'people/byEither' : 'people/byBoth', values)}</span>;
}

/** What the station would refuse, in the order of the form. */
function missingOf({ name, id, role, badge, pin }: Entered) {
  if (name.trim() === '') return 'name';
  if (id === '') return 'id';
  if (pin === undefined && role !== 'operator') return 'pin';
  return pin === undefined && badge === undefined ? 'way' : undefined;
}
