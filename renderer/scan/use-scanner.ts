/** Joins the page's keys to the wedge: wherever the focus is, and before anything on the page sees them. */
import { useEffect, useRef } from 'react';
import { pause, press, restingWedge, type WedgeEvent, type WedgeState } from './wedge.ts';

export interface KeyHandlers {
  /** The highest fixture number. */
  readonly highest: number;
  readonly onWedge: (event: WedgeEvent) => void;
  /** Any stroke that is not the rest of a scan. True: it was used, the page must not act on it. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

export function useScanner(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    let state: WedgeState = restingWedge;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      if (state.deadline === undefined) return;
      timer = setTimeout(() => {
        const step = pause(state, latest.current.highest);
        state = step.state;
        if (step.event) latest.current.onWedge(step.event);
      }, state.deadline - performance.now());
    };
    const onKeyDown = (event: KeyboardEvent) => {
      // A key that is held down repeats as fast as a scanner types.
      if (event.repeat) return;
      const stroke = {
        code: event.code || codeOf(event.key),
        shift: event.shiftKey,
        control: event.ctrlKey,
        command: event.altKey || event.metaKey,
        at: event.timeStamp,
      };
      const step = press(state, stroke, latest.current.highest);
      state = step.state;
      wait();
      if (step.event) latest.current.onWedge(step.event);
      // The end of a scan is not the technician's Enter; its characters may go to an open field until it is known for one.
      const ended = step.taken && event.key.length > 1;
      const used = !ended && latest.current.onKey(event);
      // A field that is edited shows each character at once; if they were a scan's, its screen takes them back.
      const edited = step.taken && !used && event.key.length === 1 && isEdited(event.target);
      if ((!step.taken && !used) || edited) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // A touch settles what was typed before it, as Esc does.
    const onTouch = () => {
      clearTimeout(timer);
      state = restingWedge;
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('pointerdown', onTouch, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('pointerdown', onTouch, { capture: true });
    };
  }, []);
}

function isEdited(target: EventTarget | null): boolean {
  return (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && !target.readOnly;
}

/** Remote desktops and some virtual keyboards send no code. */
function codeOf(key: string): string {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  return /^\d$/.test(key) ? `Digit${key}` : key;
}
