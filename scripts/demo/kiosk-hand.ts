/** A technician's hands at the kiosk, for the demo without a screen: scans, starts, waits for what the screen would show. */
import type { KioskStation } from '../../src/station/kiosk/kiosk-station.ts';
import type { FixtureView, StationView, VerdictView } from '../../src/station/views.ts';

const PATIENCE_MS = 60_000;

/** Resolves with the first view that fits; the station tells of every change, nothing is polled. */
export function waitFor(
  kiosk: KioskStation,
  what: string,
  fits: (view: StationView) => boolean,
): Promise<StationView> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      unsubscribe();
    };
    const look = () => {
      const view = kiosk.view();
      if (!fits(view)) return;
      leave();
      resolve(view);
    };
    const timer = setTimeout(() => {
      leave();
      reject(new Error(`waited ${PATIENCE_MS / 1000} s in vain: ${what}`));
    }, PATIENCE_MS);
    const unsubscribe = kiosk.subscribe(look);
    look();
  });
}

/** Scans one serial into each fixture, presses "start all", and waits until each has decided. */
export async function harvestAll(
  kiosk: KioskStation,
  serials: ReadonlyMap<string, string>,
): Promise<Map<string, VerdictView>> {
  for (const [fixture, text] of serials) {
    const scanned = await kiosk.scan({ text, fixture });
    if (!scanned.ok) throw new Error(`the scan of ${text} was refused: ${scanned.code}`);
  }
  const started = await kiosk.start({});
  if (!started.ok) throw new Error(`nothing started: ${started.code}`);
  const decided = (fixture: FixtureView) => !serials.has(fixture.id) || fixture.state === 'decided';
  const view = await waitFor(kiosk, 'every fixture decides', candidate => candidate.fixtures.every(decided));
  return new Map(
    view.fixtures.flatMap(fixture =>
      serials.has(fixture.id) ? [[fixture.id, fixture.verdict!] as const] : [],
    ),
  );
}
