/** A station in a process of its own for a bench, and windows to it: the real host, the real WebSocket. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { overWebSocket } from '../../src/api/client.ts';
import type { Api } from '../../src/api/contract.ts';
import { webSocketPath } from '../../src/api/window-words.ts';
import { buildScreen } from './build-screen.ts';
import type { StationAnswers, StationQuestion } from './station-process.ts';

export interface StationAtWork {
  /** Opens one session, once. */
  address(): Promise<string>;
  /** A window without a screen. */
  connect(): Promise<Api>;
  /** In bytes, after a collection. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** Writes one into the data directory. */
  heapSnapshot(): Promise<string>;
}

const stationProcess = fileURLToPath(new URL('station-process.ts', import.meta.url));

export interface StationOptions {
  readonly dataDirectory: string;
  /** For its screen, as it is built from the checkout. */
  readonly rendererDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Ended whatever becomes of `work`. */
export async function withStationAtWork<T>(
  { dataDirectory, rendererDir, env = {} }: StationOptions,
  work: (station: StationAtWork) => Promise<T>,
): Promise<T> {
  await buildScreen(rendererDir);
  const child = fork(stationProcess, [dataDirectory, rendererDir], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files', ...env },
  });
  const ended = once(child, 'exit');
  try {
    await answerOf(child, 'ready');
    const ask = <Q extends StationQuestion>(question: Q): Promise<StationAnswers[Q]> => {
      const answer = answerOf(child, question);
      child.send(question);
      return answer as Promise<StationAnswers[Q]>;
    };
    const result = await work({
      address: () => ask('address'),
      connect: async () => openWindow(await ask('address')),
      memory: () => ask('memory'),
      heapSnapshot: () => ask('snapshot'),
    });
    await ask('close');
    return result;
  } finally {
    if (child.connected) child.disconnect();
    await ended;
  }
}

/** Rejects where the station ends instead. Questions are asked one after the other. */
function answerOf(child: ChildProcess, asked: StationQuestion | 'ready'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      child.off('message', take).off('exit', gone);
    };
    const take = ({ question, answer }: { question: string; answer: unknown }) => {
      if (question !== asked) return;
      leave();
      resolve(answer);
    };
    const gone = (code: number | null) => {
      leave();
      reject(new Error(`the station ended with ${code}`));
    };
    child.on('message', take).on('exit', gone);
  });
}

/** @param address opens one session */
export async function openWindow(address: string): Promise<Api> {
  const answer = await fetch(address, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin, host } = new URL(address);
  const socket = new WebSocket(`ws://${host}${webSocketPath}`, { headers: { cookie, origin } });
  await once(socket, 'open');
  return overWebSocket(socket as unknown as globalThis.WebSocket);
}
