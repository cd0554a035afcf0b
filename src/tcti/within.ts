/** The time limit of opening a bridge, for every carrier alike. */
import { TctiError } from './errors.ts';
import type { OpenOptions } from './tcti.ts';

/**
 * Settles as `work` does, or rejects with TctiError `unreachable` at the deadline or `cancelled` by the signal. The
 * caller then lets go of what `work` holds: it goes on by itself and its outcome counts no more.
 * @param doing what is waited for, as in "connecting to 127.0.0.1 port 2321"
 */
export async function within<T>(
  { connectDeadlineMs, signal }: OpenOptions,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  let stop = () => {};
  const limit = new Promise<never>((_, reject) => {
    const giveUp = () =>
      reject(new TctiError('unreachable', `Gave up after ${Math.round(connectDeadlineMs)} ms, ${doing}`));
    const cancel = () => reject(new TctiError('cancelled', `Cancelled, ${doing}`));
    const timer = setTimeout(giveUp, connectDeadlineMs);
    signal?.addEventListener('abort', cancel, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    if (signal?.aborted) cancel();
  });
  try {
    return await Promise.race([limit, work]);
  } finally {
    stop();
  }
}
