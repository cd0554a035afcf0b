/**
 * Asks for one PIN after the other: by keys on the screen, keyboard or scanner. A new one that keeps the rule is asked for
 * twice. A refusal is told in words and begins anew; where wrong PINs have locked somebody, it says until when.
 */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CardName, callCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { NoticeBar } from '../parts/notice.tsx';
import { longestPin, PinPad } from '../parts/pin-pad.tsx';
import { useKeyLayer } from '../scan/key-layers.ts';
import { typedText } from '../scan/typed-text.ts';
import { useNow } from '../station/use-now.ts';
import { keepsPinRule } from './pin-rule.ts';

export type PinStep = 'pin' | 'old' | 'new' | 'again';
export type Pins = Readonly<Partial<Record<PinStep, string>>>;

export interface PinRefusal {
  readonly card: CardName;
  /** Milliseconds until the next PIN is looked at. */
  readonly waitMs?: number | undefined;
}

interface PinDialogProps {
  readonly title: string;
  readonly what?: string;
  readonly steps: readonly PinStep[];
  /** The word on the key that ends the last step. */
  readonly take: string;
  /** Undefined: done, and the dialog is closed by who opened it. */
  readonly onPins: (pins: Pins) => Promise<PinRefusal | undefined>;
  /** A badge that is scanned meanwhile; absent: no badge is taken. */
  readonly onBadge?: (text: string) => void;
  /** Whether a scanned text can only be a badge. */
  readonly isBadge?: (text: string) => boolean;
  readonly onClose: () => void;
}

type Refused = { readonly card: CardName; readonly until?: number } | 'differs' | 'weak';

export function PinDialog({ title, what, steps, take, onPins, onBadge, isBadge, onClose }: PinDialogProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Pins>({});
  const [at, setAt] = useState(0);
  const [pin, setPin] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const step = steps[at]!;

  const begin = (why: Refused | undefined, from = 0) => {
    setRefused(why);
    setAt(from);
    setPin('');
  };
  const edit = (next: string) => {
    setPin(next);
    setRefused(now => (typeof now === 'object' && now.until !== undefined ? now : undefined));
  };
  const submit = async () => {
    if (busy || pin === '') return;
    if (step === 'new' && !keepsPinRule(pin)) return begin('weak', at);
    const pins = { ...given, [step]: pin };
    if (step === 'again' && pins.new !== pins.again) return begin('differs', steps.indexOf('new'));
    if (at < steps.length - 1) {
      setGiven(pins);
      return begin(undefined, at + 1);
    }
    setBusy(true);
    try {
      const refusal = await onPins(pins);
      if (refusal)
        begin({ card: refusal.card, ...(refusal.waitMs && { until: Date.now() + refusal.waitMs }) });
    } catch (error) {
      begin({ card: callCard(error) });
    } finally {
      setBusy(false);
    }
  };

  useKeyLayer({
    badges: onBadge !== undefined,
    onWedge(event) {
      if (event.kind === 'scan' && isBadge?.(event.text)) {
        setPin('');
        onBadge?.(event.text);
        // Its characters went to the field already: whether typed fast or scanned, that is the PIN.
      } else if (event.kind === 'scan' || event.kind === 'typed' || event.kind === 'ambiguous') void submit();
      else if (event.kind === 'number' && event.entered) void submit();
      return true;
    },
    onKey(event) {
      if (event.key === 'Enter' && !document.activeElement?.closest('button')) {
        void submit();
        return true;
      }
      const text = typedText(pin, event, longestPin);
      if (text === undefined) return false;
      edit(text);
      return true;
    },
  });

  const label = step === 'pin' ? title : t(`pin/${step}`);
  return (
    <Dialog title={title} onClose={onClose} className="pin-dialog">
      {what && <p className="dialog-text">{what}</p>}
      <p className="pin-step" role="status">
        {step === 'pin' ? '' : label}
        {step === 'new' && <span>{t('pin/rule')}</span>}
        {refused === 'differs' && <b>{t('pin/differs')}</b>}
        {refused === 'weak' && <b>{t('pin/weak')}</b>}
      </p>
      {typeof refused === 'object' && <NoticeBar notice={{ card: refused.card }} />}
      {typeof refused === 'object' && refused.until !== undefined && <Wait until={refused.until} />}
      <PinPad
        pin={pin}
        label={label}
        take={at < steps.length - 1 ? t('pin/next') : take}
        disabled={busy}
        onEdit={edit}
        onTake={() => void submit()}
      />
    </Dialog>
  );
}

/** Until when no PIN is looked at, and how long yet. */
function Wait({ until }: { until: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(500);
  const [over, setOver] = useState(false);
  useEffect(() => setOver(now >= until), [now, until]);
  if (over) return null;
  const left = Math.max(1, Math.ceil((until - now) / 1000));
  return (
    <p className="pin-wait figures">
      {t('signIn/waitUntil', { time: format.moment(until), span: format.seconds(left) })}
    </p>
  );
}
