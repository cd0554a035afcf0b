/**
 * A scan takes the place of what the field in focus holds where that takes scans; any other field gets back what it held, and
 * without a field the scan is for nobody here. What a hand types, fast and with Enter, stays.
 */
import { useRef } from 'react';
import { useKeyLayer } from '../scan/key-layers.ts';
import type { WedgeEvent } from '../scan/wedge.ts';
import { goToNextField } from './next-field.ts';

/** Milliseconds between two characters: of one burst at most, and a scanner's at most. */
const burstGap = 100;
const scannerGap = 50;

export function useFieldScans(): void {
  const burst = useRef({ at: 0, gap: 0, field: undefined as Field | undefined, before: '' });
  useKeyLayer({
    onKey({ timeStamp }) {
      const gap = timeStamp - burst.current.at;
      if (gap > burstGap) {
        const field = fieldInFocus();
        burst.current = { at: timeStamp, gap: 0, field, before: field?.value ?? '' };
      } else burst.current = { ...burst.current, at: timeStamp, gap: Math.max(burst.current.gap, gap) };
      return false;
    },
    onWedge(event) {
      const field = fieldInFocus();
      if (!field) return event.kind !== 'scan';
      const { gap, before } = burst.current;
      const byHand = event.kind !== 'scan' || gap > scannerGap || field !== burst.current.field;
      if (byHand) {
        if (!tookEnter(event)) return true;
        if (field instanceof HTMLTextAreaElement) breakLine(field);
        else goToNextField();
        return true;
      }
      enter(field, field.dataset.scan === undefined ? before : event.text);
      return true;
    },
  });
}

type Field = HTMLInputElement | HTMLTextAreaElement;

function fieldInFocus(): Field | undefined {
  const field = document.activeElement;
  if (field instanceof HTMLTextAreaElement) return field;
  return field instanceof HTMLInputElement && !['radio', 'checkbox', 'file'].includes(field.type)
    ? field
    : undefined;
}

/** The Enter behind it was taken for its end: at any pace, and behind a number. */
const tookEnter = (event: WedgeEvent): boolean =>
  event.kind === 'number' ? event.entered : event.kind !== 'unterminated';

function breakLine(field: HTMLTextAreaElement): void {
  const { selectionStart: at, value } = field;
  enter(field, `${value.slice(0, at)}\n${value.slice(field.selectionEnd)}`);
  field.setSelectionRange(at + 1, at + 1);
}

/** As a hand would: React hears of a value only by the setter of the element itself. */
function enter(field: Field, text: string): void {
  const { prototype } = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(prototype, 'value')!.set!.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
