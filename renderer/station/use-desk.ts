/**
 * What the hands at the Station screen do, and what the screen therefore shows beside the fixtures: the open dialog, the
 * picked fixture, the notice. It asks the station and believes only its answers; the picture itself comes by `live`.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import type {
  ClearAnswer,
  FixtureView,
  ForgetPasswordAnswer,
  ScanAnswer,
  StartAnswer,
  StationView,
  StopAnswer,
} from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard } from '../messages/card.ts';
import type { PlaceRefusalCode } from '../messages/catalogue.ts';
import type { Notice } from '../parts/notice.tsx';
import type { WedgeEvent } from '../scan/wedge.ts';
import { asksForPassword } from './asks-password.ts';
import { serialToStartAgain } from './start-again.ts';
import { productOf } from './target.ts';
import type { TileActions } from './tile-actions.ts';
import { focusedTile, focusTile, tileOf } from './tile-focus.ts';

export type Overlay =
  /** The field for a serial. `slow`: the text came by wedge, but too slowly to be trusted unseen. */
  | { readonly kind: 'entry'; readonly fixture: string; readonly text: string; readonly slow: boolean }
  /** A serial that waits until somebody says where it goes. */
  | { readonly kind: 'choose'; readonly text: string; readonly slow: boolean }
  | { readonly kind: 'detail'; readonly fixture: string }
  /** The field for the password of its TPM. */
  | { readonly kind: 'password'; readonly fixture: string }
  /** A refused duplicate, and the decision on it; stays what it is whatever becomes of the tile. */
  | { readonly kind: 'overrule'; readonly harvest: string }
  /** The work order; `scanned`: another one's number. */
  | { readonly kind: 'order'; readonly scanned?: string }
  | { readonly kind: 'results' }
  /** A number and a scan, or one scan: see WedgeEvent. */
  | {
      readonly kind: 'two-readings';
      readonly fixture: string;
      readonly scan: string;
      readonly text: string;
    };

export interface Desk {
  readonly overlay: Overlay | undefined;
  readonly notice: Notice | undefined;
  /** The fixture that the next scan goes to. */
  readonly picked: string | undefined;
  readonly tiles: TileActions;
  readonly startAll: () => void;
  readonly openOrder: () => void;
  readonly openResults: () => void;
  /** Changes the text of the entry field. */
  readonly edit: (text: string) => void;
  readonly submitEntry: () => void;
  readonly choose: (fixture: string) => void;
  /** `parted`: the first digits were the fixture's number. */
  readonly chooseReading: (reading: 'parted' | 'whole') => void;
  readonly closeOverlay: () => void;
  readonly closeNotice: () => void;
  readonly onWedge: (event: WedgeEvent) => void;
  /** Esc: closes the topmost thing, else clears the fixture in focus. */
  readonly escape: () => void;
  /** Enter on the screen itself. False: nothing of ours is in focus. */
  readonly enter: () => boolean;
}

/** Milliseconds that a picked fixture stays picked: a scan much later is meant for whatever is free. */
const pickedFor = 15_000;

export function useDesk(session: Session, view: StationView): Desk {
  const [overlay, setOverlay] = useState<Overlay>();
  const [notice, setNotice] = useState<Notice>();
  const [picked, setPicked] = useState<string>();
  const current = useRef({ view, overlay, picked, notice });
  useEffect(() => {
    current.current = { view, overlay, picked, notice };
  });
  useEffect(() => {
    if (!picked) return;
    const timer = setTimeout(() => setPicked(undefined), pickedFor);
    return () => clearTimeout(timer);
  }, [picked]);

  const behaviour = useMemo(() => {
    const fixtureWith = (id: string | undefined) =>
      current.current.view.fixtures.find(fixture => fixture.id === id);
    const productName = () => productOf(current.current.view);
    const numberOf = (id: string | undefined) => String(fixtureWith(id)?.number ?? id ?? '');

    /** Runs a call and tells a refusal; false if it was refused or did not come through. */
    const tell = async (
      call: Promise<StartAnswer | StopAnswer | ClearAnswer | ForgetPasswordAnswer>,
    ): Promise<boolean> => {
      try {
        const answer = await call;
        setNotice(answer.ok ? undefined : { card: `refusal/${answer.code}` });
        return answer.ok;
      } catch (error) {
        setNotice(callNotice(error));
        return false;
      }
    };

    const put = async (text: string, fixture: string | undefined) => {
      setPicked(undefined);
      try {
        const answer = await session.scan(fixture === undefined ? { text } : { text, fixture });
        if (answer.ok) {
          setOverlay(undefined);
          setNotice(undefined);
          focusTile(answer.fixture);
        } else if (answer.code === 'work-order-scanned') {
          setNotice(undefined);
          setOverlay({ kind: 'order', scanned: text });
        } else if (answer.code === 'choose-fixture' && current.current.view.fixtures.length === 0) {
          setNotice({ card: 'noFixtures', scanned: text });
        } else if (answer.code === 'choose-fixture') {
          setNotice(undefined);
          setOverlay({ kind: 'choose', text, slow: false });
        } else {
          setNotice(scanNotice(answer.code, text, numberOf(answer.fixture), productName()));
        }
      } catch (error) {
        setNotice({ ...callNotice(error), scanned: text });
      }
    };

    const again = async (id: string) => {
      const serial = serialToStartAgain(fixtureWith(id)!);
      if (serial === undefined) return;
      try {
        const answer = await session.scan({ text: serial, fixture: id });
        if (answer.ok) await tell(session.start({ fixture: id }));
        else setNotice(scanNotice(answer.code, serial, numberOf(answer.fixture), productName()));
      } catch (error) {
        setNotice(callNotice(error));
      }
    };

    const tiles: TileActions = {
      enter(fixture) {
        setNotice(undefined);
        setOverlay({ kind: 'entry', fixture, text: '', slow: false });
      },
      start: fixture => void tell(session.start({ fixture })),
      again: fixture => void again(fixture),
      stop: fixture => void tell(session.stop({ fixture })),
      async clear(fixture) {
        const cleared = await tell(session.clear({ fixture }));
        if (cleared) setOverlay(open => (open?.kind === 'detail' ? undefined : open));
      },
      open: fixture => setOverlay({ kind: 'detail', fixture }),
      password(fixture) {
        setNotice(undefined);
        setOverlay({ kind: 'password', fixture });
      },
      forgetPassword: fixture => void tell(session.forgetHierarchyPassword({ fixture })),
      decide(fixture) {
        const verdict = fixtureWith(fixture)?.verdict;
        if (verdict?.overruling) setOverlay({ kind: 'overrule', harvest: verdict.harvestId });
      },
    };

    /** Where a scan goes: to the open field's or tile's fixture, to the picked one, else the station says. */
    const placeOf = (): string | undefined => {
      const { overlay: open, picked: chosen } = current.current;
      if (open?.kind === 'entry') return open.fixture;
      if (open?.kind === 'detail' && fixtureWith(open.fixture)?.state !== 'running') return open.fixture;
      return chosen;
    };

    const pick = (number: number, entered: boolean) => {
      const { view: now, overlay: open } = current.current;
      const fixture = now.fixtures.find(each => each.number === number);
      if (!fixture) return;
      if (open?.kind === 'choose') behaviourOf.choose(fixture.id);
      else if (!open) {
        setPicked(fixture.state === 'idle' || fixture.state === 'decided' ? fixture.id : undefined);
        focusTile(fixture.id);
        if (entered) act(fixture);
      }
    };

    const act = (fixture: FixtureView) => {
      if (fixture.state === 'idle') tiles.enter(fixture.id);
      else if (fixture.state === 'armed') tiles.start(fixture.id);
      else if (serialToStartAgain(fixture) !== undefined) tiles.again(fixture.id);
      else if (asksForPassword(fixture)) tiles.password(fixture.id);
      else if (fixture.verdict?.overruling) tiles.decide(fixture.id);
      else tiles.open(fixture.id);
    };

    const behaviourOf = {
      tiles,
      startAll: () => void tell(session.start({})),
      openOrder() {
        setNotice(undefined);
        setOverlay({ kind: 'order' });
      },
      openResults() {
        setNotice(undefined);
        setOverlay({ kind: 'results' });
      },
      edit(text: string) {
        setNotice(undefined);
        setOverlay(open => {
          if (open?.kind !== 'entry') return open;
          // Behind a text that came slowly another one may come as slowly: two serials must not become one.
          const anew = open.slow && text.length > open.text.length;
          return { ...open, text: anew ? text.slice(open.text.length) : text, slow: false };
        });
      },
      submitEntry() {
        const { overlay: open } = current.current;
        if (open?.kind === 'entry') void put(open.text, open.fixture);
      },
      choose(fixture: string) {
        const { overlay: open } = current.current;
        if (open?.kind !== 'choose') return;
        if (open.slow) setOverlay({ kind: 'entry', fixture, text: open.text, slow: true });
        else void put(open.text, fixture);
      },
      chooseReading(reading: 'parted' | 'whole') {
        const { overlay: open } = current.current;
        if (open?.kind !== 'two-readings') return;
        if (reading === 'parted') void put(open.scan, open.fixture);
        else void put(open.text, undefined);
      },
      closeOverlay() {
        setNotice(undefined);
        setOverlay(undefined);
      },
      closeNotice: () => setNotice(undefined),
      onWedge(event: WedgeEvent) {
        const { overlay: open, view: now } = current.current;
        switch (event.kind) {
          case 'scan':
            return void put(event.text, placeOf());
          case 'number':
            return open?.kind === 'entry' ? undefined : pick(event.value, event.entered);
          case 'unterminated':
            return open?.kind === 'entry'
              ? undefined
              : setNotice({ card: 'unterminated', scanned: event.text });
          case 'ambiguous': {
            if (open?.kind === 'entry') return behaviourOf.submitEntry();
            const fixture = now.fixtures.find(each => each.number === event.number);
            setNotice(undefined);
            return (
              fixture &&
              setOverlay({ kind: 'two-readings', fixture: fixture.id, scan: event.scan, text: event.text })
            );
          }
          case 'typed': {
            if (open?.kind === 'entry') return behaviourOf.submitEntry();
            const [only, ...others] = now.fixtures;
            if (!only) return setNotice({ card: 'noFixtures', scanned: event.text });
            const place = placeOf() ?? (others.length === 0 ? only?.id : undefined);
            return setOverlay(
              place === undefined
                ? { kind: 'choose', text: event.text, slow: true }
                : { kind: 'entry', fixture: place, text: event.text, slow: true },
            );
          }
        }
      },
      escape() {
        const { overlay: open, notice: said, picked: chosen } = current.current;
        if (open) return behaviourOf.closeOverlay();
        if (said) return setNotice(undefined);
        const fixture = fixtureWith(focusedTile());
        if (fixture?.state === 'armed' || fixture?.state === 'decided') return tiles.clear(fixture.id);
        if (chosen) setPicked(undefined);
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      },
      enter() {
        const { overlay: open } = current.current;
        const focus = document.activeElement;
        if (open?.kind === 'entry') {
          if (focus?.closest('button')) return false;
          behaviourOf.submitEntry();
          return true;
        }
        if (open && open.kind !== 'detail') return false;
        if (open) {
          const shown = fixtureWith(open.fixture);
          if (!shown || focus?.closest('button')) return false;
          if (shown.state === 'armed') tiles.start(shown.id);
          else if (serialToStartAgain(shown) !== undefined) tiles.again(shown.id);
          else if (asksForPassword(shown)) tiles.password(shown.id);
          else if (shown.state === 'decided') tiles.decide(shown.id);
          return true;
        }
        const fixture = fixtureWith(focusedTile());
        if (!fixture) return false;
        const onTile = focus === tileOf(fixture.id) || focus?.classList.contains('whole');
        if (!onTile) return false;
        act(fixture);
        return true;
      },
    };
    return behaviourOf;
  }, [session]);

  return { overlay, notice, picked, ...behaviour };
}

type ScanRefusal = Extract<ScanAnswer, { ok: false }>['code'];

/** A serial that is none has the verdict's card; the rest is about the place. */
function scanNotice(code: ScanRefusal, scanned: string, fixture: string, product: string): Notice {
  if (isAboutPlace(code)) return { card: `scan/${code}`, values: { fixture }, scanned };
  return { card: `verdict/${code}`, scanned, ...(code === 'serial-pattern' && { product }) };
}

function isAboutPlace(code: ScanRefusal): code is PlaceRefusalCode {
  return !code.startsWith('serial-');
}

const callNotice = (error: unknown): Notice => ({ card: callCard(error) });
