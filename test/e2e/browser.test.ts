import diagnostics from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { startHost } from '../../src/host/start-host.ts';
import { openStation } from '../../src/station/open-station.ts';
import { unexpected } from '../api/scripted-station.ts';
import { missing } from '../parts.ts';
import { launchChromium, root } from '../standin/run-app.ts';
import { stationSpec } from './station-spec.ts';

stationSpec({
  name: 'browser host',
  skip: missing('swtpm', 'swtpm-tools', 'chromium'),
  async open(dataDir) {
    const station = await openStation({ dataDirectory: dataDir });
    const host = await startHost({
      station: station.kiosk,
      rendererDir: path.join(root, 'out', 'renderer'),
      onFault: unexpected,
    });
    const sockets = upgradedSockets();
    const browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(host.url);
    return {
      page,
      async drop() {
        for (const socket of sockets.splice(0)) socket.destroy();
      },
      async close() {
        await browser.close();
        await host.close();
        await station.close();
      },
    };
  },
});

/** The TCP connections of every WebSocket opened from now on, found by Node's own diagnostics of its HTTP servers. */
function upgradedSockets(): Duplex[] {
  const sockets: Duplex[] = [];
  const known = new Set<Server>();
  diagnostics.subscribe('http.server.request.start', message => {
    const { server } = message as { server: Server };
    if (known.has(server)) return;
    known.add(server);
    server.on('upgrade', (_request, socket) => sockets.push(socket));
  });
  return sockets;
}
