import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { overWebSocket } from '../../src/api/client.ts';
import { serveWebSocket } from '../../src/api/serve.ts';
import { idleFixture, scriptedStation, stationView, unexpected } from './scripted-station.ts';

test('websocket: a client that stops reading costs the station a bounded memory, and then sees what is true', async () => {
  const station = scriptedStation();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', socket => serveWebSocket(socket, { station, onFault: unexpected }));
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, 'open');
  const api = overWebSocket(socket as never);
  const stream = api.live()[Symbol.asyncIterator]();
  await stream.next();
  socket.pause();
  const [served] = server.clients;
  assert.ok(served);

  const found = 'x'.repeat(64 * 1024);
  let most = 0;
  for (let n = 0; n < 800; n++) {
    const fixture = {
      ...idleFixture,
      steps: [{ step: 'tpm', state: 'done', found, ms: n } as const],
    } satisfies typeof idleFixture;
    station.current = { ...stationView, fixtures: [fixture] };
    station.emit({ kind: 'fixture', fixture });
    await turn();
    most = Math.max(most, served.bufferedAmount);
  }
  // 50 MB were said; unsent may be what one send leaves over after the kernel's buffers are full.
  assert.ok(most < 1024 * 1024, `${most} bytes wait in the socket`);

  socket.resume();
  let last: unknown;
  while (JSON.stringify(last) !== JSON.stringify(station.current.fixtures[0])) {
    const { value } = await stream.next();
    last = value.kind === 'snapshot' ? value.view.fixtures[0] : value.fixture;
  }
  api.close();
  await api.closed;
  server.close();
});
