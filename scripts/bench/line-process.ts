/**
 * A line as a process of its own: software TPMs behind links with a round trip, and hands that always have a harvest under way
 * at each. It tells the ports of the links, works from when it is given a window's address, and ends with whoever started it.
 * Arguments: how many TPMs, round trip in milliseconds.
 */
import { once } from 'node:events';
import { startSlowLink } from '../virtual-dut/slow-link.ts';
import { withDifferentDuts } from './bench-duts.ts';
import { type LineHands, type Tested, workLine } from './line-hands.ts';
import { openWindow } from './station-at-work.ts';

export type ToLine =
  | { readonly ask: 'work'; readonly address: string; readonly fixtures: readonly string[] }
  | { readonly ask: 'tested' }
  | { readonly ask: 'stop' };
export type FromLine =
  | { readonly ports: readonly number[] }
  | { readonly passed: number; readonly others: readonly (readonly [code: string, times: number])[] }
  | { readonly stopped: true };

const [count, roundTripMs] = process.argv.slice(2).map(Number) as [number, number];
const later: (() => unknown)[] = [];
let hands: LineHands | undefined;

const tell = (message: FromLine) => process.send!(message);
const none: Tested = { passed: 0, others: new Map() };

async function take(message: ToLine): Promise<void> {
  switch (message.ask) {
    case 'work': {
      const api = await openWindow(message.address);
      hands = workLine(api, message.fixtures, id => `LINE-${id}`, console.error);
      return;
    }
    case 'tested': {
      const { passed, others } = hands?.tested() ?? none;
      tell({ passed, others: [...others] });
      return;
    }
    case 'stop':
      await hands?.stop();
      tell({ stopped: true });
      process.disconnect!();
  }
}

await withDifferentDuts(count, async duts => {
  const links = await Promise.all(
    duts.map(({ port }) => startSlowLink(port, roundTripMs, action => later.push(action))),
  );
  const ended = once(process, 'disconnect');
  process.on('message', take);
  tell({ ports: links.map(({ port }) => port) });
  await ended;
  for (const action of later) action();
});
process.exit();
