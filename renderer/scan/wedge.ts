/**
 * Tells a keyboard-wedge scanner from hands: strokes in, and out comes a scan, a picked fixture, or a text that a person
 * has to confirm. Pure: time comes with each stroke, and the caller calls `pause` when `deadline` is reached.
 *
 * A scan is at least three characters, none more than `scanGap` after the one before, ended by Enter or Tab. What breaks
 * off or stalls is never taken as a scan, because half a serial would be recorded as a whole one. A fixture's number with
 * a burst close behind can be either: a number and a scan, or one scan that stalled. Only a person can tell.
 * The keys are untrusted: any stroke in any order gives a state again.
 */
import { usCharacter } from './us-layout.ts';

export interface Stroke {
  readonly code: string;
  readonly shift: boolean;
  readonly control: boolean;
  /** Alt or Meta is held: a shortcut, never part of a scan. */
  readonly command: boolean;
  /** Milliseconds on any monotonic clock: the event's own time stamp, which a busy page does not delay. */
  readonly at: number;
}

export type WedgeEvent =
  | { readonly kind: 'scan'; readonly text: string }
  /** Ended by Enter but too slow or broken for a scan: a person must look at it. */
  | { readonly kind: 'typed'; readonly text: string }
  /** A fixture's number and a whole burst behind it (`scan`), or one scan (`text`) that stalled after these digits. */
  | { readonly kind: 'ambiguous'; readonly number: number; readonly scan: string; readonly text: string }
  /** A number typed by itself: picks a fixture. `entered`: Enter followed at once. */
  | { readonly kind: 'number'; readonly value: number; readonly entered: boolean }
  /** A burst that no Enter or Tab ended: the scanner lacks its suffix, or the scan broke off. */
  | { readonly kind: 'unterminated'; readonly text: string };

export interface WedgeState {
  readonly text: string;
  /** The longest time between two characters so far. */
  readonly longestGap: number;
  /** What stood before the last gap that is too long for a scan, and that gap; empty while there was none. */
  readonly head: string;
  readonly headGap: number;
  readonly lastAt: number;
  /** A number that was just given out: if more follows at once, it was the head of a scan that stalled. */
  readonly shed: string;
  /** When the last scan ended: scanners that send CR and LF end twice. */
  readonly scannedAt: number;
  /** When `pause` is to be called; undefined while nothing waits. */
  readonly deadline?: number;
}

export interface WedgeStep {
  readonly state: WedgeState;
  readonly event?: WedgeEvent;
  /** The stroke belongs to a scan: keep the page from acting on it. */
  readonly taken: boolean;
}

/** Milliseconds. Scanners type every 1–30 ms, slow wireless ones up to 80; hands keep no such pace for a whole serial. */
export const scanGap = 100;
/** After this an unfinished text is given up: long enough that the rest of a stalled scan is not taken for a whole one. */
const restGap = 2000;
/** Nobody picks a fixture and has the scanner at the label in less. */
const shedGap = 500;
/** A number is complete at once where no second digit could follow, else after this. */
const secondDigitGap = 700;
const numberGap = 150;
/** From the number's key to the trigger takes a hand longer; a shorter stall is the scanner's. */
const handGap = 200;
const doubleEnd = 100;
const shortestScan = 3;
const longestText = 512;

export const restingWedge: WedgeState = {
  text: '',
  longestGap: 0,
  head: '',
  headGap: 0,
  lastAt: Number.NEGATIVE_INFINITY,
  shed: '',
  scannedAt: Number.NEGATIVE_INFINITY,
};

/** `highest`: the highest fixture number, which decides how many digits a number can have. */
export function press(state: WedgeState, stroke: Stroke, highest: number): WedgeStep {
  if (isEnd(stroke)) return end(state, stroke, highest);
  if (ofHands.test(stroke.code)) return { state: forget(state), taken: false };
  const character = characterOf(stroke);
  if (character === undefined) return { state, taken: false };
  const due = state.deadline !== undefined && stroke.at >= state.deadline;
  const before = due ? pause(state, highest) : { state };
  const from = before.state;
  const since = stroke.at - from.lastAt;
  const head = from.text || (since < shedGap ? from.shed : '');
  // The space bar presses the button in focus; no serial begins with it.
  if (head === '' && character === ' ') return { ...before, taken: false };
  const text = (head + character).slice(-longestText);
  const gap = head === '' ? 0 : since;
  const longestGap = Math.max(from.longestGap, gap);
  const stalled = gap > scanGap && { head, headGap: gap };
  const next = { ...from, text, longestGap, ...stalled, lastAt: stroke.at, shed: '' };
  return {
    state: { ...next, deadline: stroke.at + waitFor(next, highest) },
    ...(before.event && { event: before.event }),
    taken: head !== '' && gap <= scanGap,
  };
}

/** To be called when `deadline` has passed without a stroke. */
export function pause(state: WedgeState, highest: number): { state: WedgeState; event?: WedgeEvent } {
  const rested = forget(state);
  const value = numberIn(state.text);
  if (value !== undefined && value <= highest)
    return {
      state: { ...rested, shed: state.text, lastAt: state.lastAt },
      event: { kind: 'number', value, entered: false },
    };
  if (isBurst(state)) return { state: rested, event: { kind: 'unterminated', text: state.text } };
  return { state: rested };
}

function end(state: WedgeState, stroke: Stroke, highest: number): WedgeStep {
  if (state.text === '') return { state, taken: stroke.at - state.scannedAt <= doubleEnd };
  const gap = Math.max(state.longestGap, stroke.at - state.lastAt);
  const text = withoutEmptyFields(state.text);
  const rested = forget(state);
  if (text.length >= shortestScan && gap <= scanGap)
    return { state: { ...rested, scannedAt: stroke.at }, event: { kind: 'scan', text }, taken: true };
  if (stroke.code === 'Tab') return { state: rested, taken: false };
  const value = numberIn(state.text);
  if (value !== undefined)
    return { state: rested, event: { kind: 'number', value, entered: true }, taken: true };
  if (text.length < shortestScan) return { state: rested, taken: false };
  const parted = stroke.at - state.lastAt <= scanGap ? numberAndScan(state, highest) : undefined;
  return {
    state: rested,
    event: parted ? { kind: 'ambiguous', ...parted, text } : { kind: 'typed', text },
    taken: true,
  };
}

/** The text as a fixture's number and a burst that is a whole scan by itself; undefined where it cannot be that. */
function numberAndScan({ text, head, headGap }: WedgeState, highest: number) {
  const number = numberIn(head);
  if (number === undefined || number > highest || headGap <= handGap || text.length === longestText) return;
  const scan = withoutEmptyFields(text.slice(head.length));
  return scan.length < shortestScan ? undefined : { number, scan };
}

/** One at the front stays: some scanners say by it alone that GS1 data follow (FNC1 in the first position). */
function withoutEmptyFields(text: string): string {
  return text.replace(/^\x1d+/, '\x1d').replace(/\x1d+$/, '');
}

/** Keys that no scanner has: what was typed before them was typed by hand and is settled. */
const ofHands = /^(Escape|Backspace|Delete|Arrow|Home|End|Page|F\d)/;

/** Enter, Tab, and the control characters CR and LF as Ctrl+M and Ctrl+J. */
function isEnd({ code, control, command }: Stroke): boolean {
  if (command) return false;
  if (control) return code === 'KeyM' || code === 'KeyJ';
  return code === 'Enter' || code === 'NumpadEnter' || code === 'Tab';
}

/** GS1's separator (U+001D, sent as Ctrl+]) stays in the text, so that two fields are never glued into one serial. */
function characterOf({ code, shift, control, command }: Stroke): string | undefined {
  if (command) return undefined;
  if (control) return code === 'BracketRight' ? '\x1d' : undefined;
  return usCharacter(code, shift);
}

function isBurst({ text, longestGap }: WedgeState): boolean {
  return text.length >= shortestScan && longestGap <= scanGap;
}

function numberIn(text: string): number | undefined {
  return /^[1-9]\d?$/.test(text) ? Number(text) : undefined;
}

function waitFor(state: WedgeState, highest: number): number {
  const value = numberIn(state.text);
  if (value === undefined || value > highest) return restGap;
  return value * 10 <= highest ? secondDigitGap : numberGap;
}

function forget(state: WedgeState): WedgeState {
  return { ...restingWedge, scannedAt: state.scannedAt };
}
