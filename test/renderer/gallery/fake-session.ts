/**
 * A station that lives in the page: it answers as src/station/kiosk-station.ts promises, but decides nothing. For the
 * gallery and for tests of the screen alone; tests of the whole use the real host.
 */
import { applyEvent } from '../../../src/api/apply-event.ts';
import type { FixtureView, LiveEvent, StationView } from '../../../src/api/contract.ts';
import type { Session, SessionState } from '../../../src/api/session.ts';

export interface FakeSession extends Session {
  show(view: StationView): void;
  lose(): void;
  /** Every call the screen made, oldest first, as `name argument`. */
  readonly calls: string[];
}

export function fakeSession(first: StationView): FakeSession {
  let state: SessionState = { link: 'live', view: first };
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const change = (next: SessionState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const apply = (event: LiveEvent) => {
    const view = applyEvent(state.view, event);
    change(view ? { link: 'live', view } : state);
  };
  const fixtures = () => state.view!.fixtures;
  const become = (fixture: FixtureView, to: Partial<FixtureView>) => {
    const { serial: _serial, verdict: _verdict, startedAt: _at, durationMs: _ms, ...bare } = fixture;
    apply({ kind: 'fixture', fixture: { ...bare, steps: [], ...to } });
  };
  const calling =
    <Input, Answer>(name: string, answer: (input: Input) => Answer) =>
    async (input: Input) => {
      calls.push(`${name} ${JSON.stringify(input)}`);
      // An answer takes a while, as over a wire: the page meanwhile goes on with the key that asked.
      await new Promise(resolve => setTimeout(resolve, 20));
      return answer(input);
    };

  return {
    calls,
    show: view => change({ link: 'live', view }),
    lose: () => change({ ...state, link: 'lost' }),
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {},
    view: async () => state.view!,
    scan: calling('scan', ({ text, fixture: id }: { text: string; fixture?: string }) => {
      if (text.length > 128) return { ok: false, code: 'serial-too-long' } as const;
      if (text.startsWith('OTHER')) return { ok: false, code: 'serial-pattern' } as const;
      if (/[\0-\x1f]/.test(text)) return { ok: false, code: 'serial-characters' } as const;
      const holder = fixtures().find(each => each.serial === text && each.id !== id);
      if (holder) return { ok: false, code: 'already-in-fixture', fixture: holder.id } as const;
      const free = fixtures().filter(({ state: now }) => now === 'idle' || now === 'decided');
      const place = id === undefined ? free[0] : fixtures().find(each => each.id === id);
      if (id === undefined && free.length > 1) return { ok: false, code: 'choose-fixture' } as const;
      if (!place) return { ok: false, code: id === undefined ? 'running' : 'unknown-fixture' } as const;
      if (place.state === 'running') return { ok: false, code: 'running', fixture: place.id } as const;
      become(place, { state: 'armed', serial: text });
      return { ok: true, fixture: place.id } as const;
    }),
    start: calling('start', ({ fixture: id }: { fixture?: string }) => {
      const ready = fixtures().filter(each => each.state === 'armed' && (id === undefined || each.id === id));
      for (const each of ready)
        become(each, {
          ...(each.serial && { serial: each.serial }),
          state: 'running',
          startedAt: Date.now(),
        });
      return ready.length > 0
        ? ({ ok: true, started: ready.length } as const)
        : ({ ok: false, code: 'nothing-armed' } as const);
    }),
    stop: calling('stop', ({ fixture: id }: { fixture: string }) => {
      const place = fixtures().find(each => each.id === id);
      if (place?.state !== 'running') return { ok: false, code: 'not-running' } as const;
      become(place, { state: 'idle' });
      return { ok: true } as const;
    }),
    clear: calling('clear', ({ fixture: id }: { fixture: string }) => {
      const place = fixtures().find(each => each.id === id);
      if (!place) return { ok: false, code: 'unknown-fixture' } as const;
      if (place.state === 'running') return { ok: false, code: 'running' } as const;
      become(place, { state: 'idle' });
      return { ok: true } as const;
    }),
  };
}
