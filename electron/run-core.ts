/**
 * The station's process as the shell keeps it: one that died is started again, after a pause that grows while it does not
 * last, and the page is told that there is no contact until then. A station that cannot open says so at its window.
 */
import path from 'node:path';
import { app, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { FromCore, ToCore } from './core-words.ts';

export interface CoreOptions {
  readonly dataDirectory: string;
  /** The process died; another one will come. */
  readonly onLost: () => void;
  /** Its process never lasted until it was open. */
  readonly onCannotOpen: (message: string) => void;
  readonly onEndKiosk: () => void;
}

export interface RunningCore {
  /** Asks `give` for the port of a page once a station is open; whoever asked last is served. */
  serve(give: () => MessagePortMain | undefined): void;
  /** Ends the station; resolves when its process has gone. */
  close(): Promise<void>;
}

/** Milliseconds: before the first new start, at most, how long a process lasts that starts the pauses anew. */
const firstPause = 250;
const longestPause = 30_000;
const lasting = 60_000;
/** Processes in a row that ended before any was open: there is no picture to keep, and something is wrong for good. */
const startsWithoutStation = 5;
/** Milliseconds that a station may take to record what is under way. */
const closingTime = 30_000;

export function runCore(options: CoreOptions): RunningCore {
  let core: UtilityProcess | undefined;
  let openSince: number | undefined;
  let neverOpened = true;
  let deaths = 0;
  let closing = false;
  let next: NodeJS.Timeout | undefined;
  let asked: (() => MessagePortMain | undefined) | undefined;
  let ended = () => {};

  const tell = (message: ToCore, ports: MessagePortMain[] = []) => core?.postMessage(message, ports);
  const serveAsked = () => {
    if (openSince === undefined) return;
    const port = asked?.();
    asked = undefined;
    if (port) tell({ kind: 'window' }, [port]);
  };
  const take = (message: FromCore) => {
    if (message.kind === 'end-kiosk') options.onEndKiosk();
    else {
      openSince = performance.now();
      neverOpened = false;
      serveAsked();
    }
  };
  const gone = (code: number) => {
    const lasted = openSince !== undefined && performance.now() - openSince >= lasting;
    core = undefined;
    openSince = undefined;
    if (closing) return ended();
    deaths = lasted ? 1 : deaths + 1;
    if (neverOpened && deaths === startsWithoutStation) {
      options.onCannotOpen(`The station’s process ended ${deaths} times before it was open (${code})`);
      return;
    }
    console.error(`Keyline: the station's process ended (${code}) and is started again`);
    options.onLost();
    next = setTimeout(start, Math.min(firstPause * 2 ** (deaths - 1), longestPause));
  };
  const start = () => {
    core = utilityProcess.fork(path.join(app.getAppPath(), 'out', 'core.cjs'), [], {
      serviceName: 'Keyline station',
    });
    // Said of a process that is about to end; `exit` follows.
    core.on('error', () => {});
    core.on('message', take);
    core.on('exit', gone);
    tell({ kind: 'open', dataDirectory: options.dataDirectory });
  };
  start();

  return {
    serve(give) {
      asked = give;
      serveAsked();
    },
    close: () =>
      new Promise(resolve => {
        closing = true;
        clearTimeout(next);
        if (!core) return resolve();
        ended = resolve;
        setTimeout(resolve, closingTime).unref();
        tell({ kind: 'close' });
      }),
  };
}
