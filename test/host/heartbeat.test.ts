/** Real WebSockets on loopback: what the watch and the API leave on a socket, and what a silent peer gets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { overWebSocket } from '../../src/api/client.ts';
import { serveWebSocket } from '../../src/api/serve.ts';
import { watchLife } from '../../src/host/heartbeat.ts';
import { scriptedStation, unexpected } from '../api/scripted-station.ts';

async function pair(context: TestContext, options: { autoPong?: boolean } = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new WebSocket(address, options);
  const [[far]] = await Promise.all([
    once(server, 'connection') as Promise<[WebSocket]>,
    once(client, 'open'),
  ]);
  context.after(async () => {
    client.terminate();
    far.terminate();
    await new Promise(resolve => server.close(resolve));
  });
  return { far, client };
}

const listenersOf = (socket: WebSocket) =>
  Object.fromEntries(socket.eventNames().map(name => [String(name), socket.listenerCount(name)]));

test('beats, fifty calls and fifty streams leave no listener behind', async context => {
  const { far, client } = await pair(context);
  serveWebSocket(far, { station: scriptedStation(), onFault: unexpected });
  watchLife(far, 250);
  const api = overWebSocket(client as never);
  const before = listenersOf(far);
  const beats = new Promise<void>(resolve => {
    let count = 0;
    client.on('ping', () => ++count === 3 && resolve());
  });
  for (let call = 0; call < 50; call += 1) {
    await api.view();
    for await (const event of api.live()) {
      assert.equal(event.kind, 'snapshot');
      break;
    }
  }
  await beats;
  assert.deepEqual(listenersOf(far), before);
});

test('a peer that answers no ping is cut off', async context => {
  const { far } = await pair(context, { autoPong: false });
  watchLife(far, 20);
  const [code] = await once(far, 'close');
  assert.equal(code, 1006);
});
