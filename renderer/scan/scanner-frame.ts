/** What the plant's scanners put around a scan over and above Enter or Tab (`station.scanner`), and a scan without it. */
import type { StationView } from '../../src/api/contract.ts';
import type { WedgeEvent } from './wedge.ts';

type ScannerFrame = NonNullable<StationView['station']['scanner']>;

/** A text that does not have them stays as it is: one plant has scanners set in both ways. */
export function withoutFrame(event: WedgeEvent, frame: ScannerFrame | undefined): WedgeEvent {
  if (!frame || event.kind === 'number') return event;
  const text = cut(event.text, frame);
  return event.kind === 'ambiguous' ? { ...event, text, scan: cut(event.scan, frame) } : { ...event, text };
}

function cut(text: string, { prefix = '', suffix = '' }: ScannerFrame): string {
  const begun = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  return suffix !== '' && begun.endsWith(suffix) ? begun.slice(0, -suffix.length) : begun;
}
