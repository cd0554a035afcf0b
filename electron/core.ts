/**
 * The station in a process of its own (Electron's utility process): whatever becomes of it, the window stays, and the
 * other way round. Serves the page whose port the shell hands over. Knows nothing of Electron but `process.parentPort`.
 */
import { servePort } from '../src/api/serve.ts';
import { KeptStation } from '../src/station/keep-station.ts';
import type { FromCore, ToCore } from './core-words.ts';

const tell = (message: FromCore) => process.parentPort.postMessage(message);
const reportFault = (fault: unknown) => console.error(fault);
let opening: Promise<KeptStation> | undefined;
let closePort = () => {};
let closing = false;

process.parentPort.on('message', ({ data, ports }) => {
  const message = data as ToCore;
  if (message.kind === 'open') open(message.dataDirectory);
  else if (message.kind === 'close') close();
  else if (ports[0]) serve(ports[0]).catch(reportFault);
});
// They are sent to a whole session or service; what is under way is recorded before this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, close);

function open(dataDirectory: string): void {
  opening = KeptStation.open({ dataDirectory });
  // What keeps the station from opening it says at its window (rule S4); anything else ends this process.
  opening.then(() => tell({ kind: 'open' }));
}

async function serve(port: Electron.MessagePortMain): Promise<void> {
  const station = await opening;
  if (!station || closing) return port.close();
  closePort();
  closePort = servePort(port, {
    station,
    onFault: reportFault,
    ownWindow: true,
    endKiosk: () => tell({ kind: 'end-kiosk' }),
  });
}

function close(): void {
  if (closing) return;
  closing = true;
  Promise.resolve(opening)
    .then(station => station?.close())
    .catch(reportFault)
    .finally(() => process.exit(0));
}
