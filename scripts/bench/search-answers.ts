/**
 * How long a search of devices takes at the API, over the host's WebSocket: questions as people type them, each longer by
 * a character than the one before, with the page that the screen asks for first. An answer is the first page with a
 * device in it, or the end of the list.
 */
import type { Api, DevicePlace, DeviceQuestion } from '../../src/api/contract.ts';
import { type Measurement, measurement, partLine } from './measurement.ts';
import { ekSha256Of, recordedAtOf, serialOf, workOrderOf } from './million-devices.ts';

/** As the screen asks (renderer/devices/use-device-search.ts). */
const LIMIT = 80;
/** Characters that are typed of a digest before everybody has found what they sought. */
const DIGEST_TYPED = 12;
/** The shortest part of a serial that is looked for inside it. */
const LEAST_PART = 3;
/** In which a line of the ledger makes 302,400 devices. */
const WEEK_MS = 7 * 24 * 3_600_000;

/** Each: the questions of one search, in the order in which they are asked. @param device its number */
const searches: Readonly<Record<string, (device: number, newest: number) => readonly DeviceQuestion[]>> = {
  'serial from its beginning': device => typed(serialOf(device), 1),
  'end of a serial': device => typed(serialOf(device).slice(-6), LEAST_PART),
  'middle of a serial': device => typed(serialOf(device).slice(5, 11), LEAST_PART),
  'EK digest': device => typed(ekSha256Of(device).slice(0, DIGEST_TYPED), 1),
  'registration id': device => typed(`reg-${ekSha256Of(device).slice(0, DIGEST_TYPED)}`, 1),
  'work order': device => typed(workOrderOf(device), 1),
  'in conflict, and a serial': device =>
    typed(serialOf(device), 0).map(question => ({ ...question, enrollment: 'conflict' })),
  'waiting, and a serial': device =>
    typed(serialOf(device), 0).map(question => ({ ...question, enrollment: 'queued' })),
  'enrolled, and the end of a serial': device =>
    typed(serialOf(device).slice(-6), LEAST_PART).map(question => ({ ...question, enrollment: 'enrolled' })),
  'waiting, and the beginning of all serials': () =>
    typed(serialOf(1).slice(0, 6), 1).map(question => ({ ...question, enrollment: 'queued' })),
  'of the last week, and the serial of a new device': (device, newest) =>
    typed(serialOf(newest - (device % Math.min(1_000, newest))), 0).map(question => ({
      ...question,
      since: recordedAtOf(newest) - WEEK_MS,
    })),
  'what no device has': device => typed(`${serialOf(device).slice(-4)}X9`, LEAST_PART),
};

function typed(text: string, from: number): readonly DeviceQuestion[] {
  return Array.from({ length: text.length - from + 1 }, (_, more) => ({ text: text.slice(0, from + more) }));
}

export async function measureSearch(
  api: Api,
  { searchesOfAKind, devices }: { readonly searchesOfAKind: number; readonly devices: number },
): Promise<Measurement> {
  await answer(api, { text: '' });
  const samples: number[] = [];
  const lines: string[] = [];
  for (const [kind, questionsFor] of Object.entries(searches)) {
    const ofKind: number[] = [];
    for (let search = 0; search < searchesOfAKind; search += 1) {
      const device = 1 + Math.floor(Math.random() * devices);
      for (const question of questionsFor(device, devices)) ofKind.push(await answer(api, question));
    }
    samples.push(...ofKind);
    lines.push(partLine(kind, ofKind, 'ms'));
  }
  return measurement({
    name: `search at the API, ${devices} devices in the ledger`,
    unit: 'ms',
    samples,
    sampled: 'questions',
    goal: { of: 'p95', atMost: 50 },
    lines,
  });
}

async function answer(api: Api, question: DeviceQuestion): Promise<number> {
  const begun = performance.now();
  let after: DevicePlace | undefined;
  do {
    const page = await api.findDevices({ ...question, limit: LIMIT, ...(after && { after }) });
    if (page.devices.length > 0) break;
    after = page.next;
  } while (after);
  return performance.now() - begun;
}
