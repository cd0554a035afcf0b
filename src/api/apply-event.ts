/** How a client keeps its picture of the station: one event in, the next picture out. Pure. */
import type { LiveEvent, StationView } from '../station/views.ts';

/** `undefined` only while no snapshot has come: other events cannot be applied to nothing and are dropped. */
export function applyEvent(view: StationView | undefined, event: LiveEvent): StationView | undefined {
  if (event.kind === 'snapshot') return event.view;
  if (!view) return undefined;
  switch (event.kind) {
    case 'fixture':
      return {
        ...view,
        fixtures: view.fixtures.map(known => (known.id === event.fixture.id ? event.fixture : known)),
      };
    case 'settings':
      return { ...view, station: event.station, fixtures: event.fixtures };
    case 'outbox':
      return { ...view, outbox: event.outbox };
    case 'connection':
      return { ...view, connection: event.connection };
    case 'today':
      return { ...view, today: event.today };
    case 'work-order': {
      const { workOrder: _past, ...rest } = view;
      return event.workOrder === null ? rest : { ...rest, workOrder: event.workOrder };
    }
    case 'clock': {
      const { clockAheadMs: _past, ...sound } = view;
      return event.aheadMs === null ? sound : { ...sound, clockAheadMs: event.aheadMs };
    }
    case 'who': {
      const { who: _past, ...rest } = view;
      return event.who === null ? rest : { ...rest, who: event.who };
    }
    case 'backup': {
      const { backup: _past, ...sound } = view;
      return event.trouble === null ? sound : { ...sound, backup: event.trouble };
    }
    case 'fault': {
      const { fault: _past, ...sound } = view;
      return event.fault === null ? sound : { ...sound, fault: event.fault };
    }
  }
}
