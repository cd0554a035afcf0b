/** A line beside a station for a bench: TPMs, links and hands, out of the way of what is measured, as in a plant they are. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromLine, ToLine } from './line-process.ts';
import { giveWay } from './other-machine.ts';

export interface LineAtWork {
  /** Conf strings, one a TPM. */
  readonly bridges: readonly string[];
  /** From here on there is always a harvest under way at these fixtures. @param address opens one session */
  begin(address: string, fixtures: readonly string[]): void;
  tested(): Promise<Extract<FromLine, { passed: number }>>;
  /** Starts nothing more. */
  stop(): Promise<void>;
}

const lineProcess = fileURLToPath(new URL('line-process.ts', import.meta.url));

/** Ended whatever becomes of `work`. */
export async function withLineAtWork<T>(
  { tpms, roundTripMs }: { readonly tpms: number; readonly roundTripMs: number },
  work: (line: LineAtWork) => Promise<T>,
): Promise<T> {
  const child = fork(lineProcess, [String(tpms), String(roundTripMs)], { detached: true });
  const ended = once(child, 'exit');
  try {
    if (child.pid !== undefined) giveWay(child.pid);
    const { ports } = await heard(child, 'ports');
    const say = (message: ToLine) => void child.send(message);
    return await work({
      bridges: ports.map(port => `swtpm:host=127.0.0.1,port=${port}`),
      begin: (address, fixtures) => say({ ask: 'work', address, fixtures }),
      tested: () => {
        say({ ask: 'tested' });
        return heard(child, 'passed');
      },
      stop: async () => {
        say({ ask: 'stop' });
        await heard(child, 'stopped');
      },
    });
  } finally {
    if (child.connected) child.disconnect();
    await ended;
  }
}

/** Rejects where the line ends instead. */
function heard<Name extends string>(
  child: ChildProcess,
  name: Name,
): Promise<Extract<FromLine, { readonly [N in Name]: unknown }>> {
  const { promise, resolve, reject } = Promise.withResolvers<never>();
  const take = (message: FromLine) => {
    if (name in message) resolve(message as never);
  };
  const gone = (code: number | null) => reject(new Error(`the line ended with ${code}`));
  child.on('message', take).on('exit', gone);
  return promise.finally(() => child.off('message', take).off('exit', gone));
}
