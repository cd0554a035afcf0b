import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mock, test } from 'node:test';
import { WebSocket } from 'ws';
import { startHost } from '../../src/host/start-host.ts';
import { scriptedStation, unexpected } from '../api/scripted-station.ts';

test('a client that gives no sign of life is let go, one that does stays', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const host = await startHost({
    station: scriptedStation(),
    rendererDir: '/nonexistent',
    onFault: unexpected,
  });
  try {
    const signedIn = await fetch(host.url, { redirect: 'manual' });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const origin = `http://127.0.0.1:${host.port}`;
    const open = async (autoPong: boolean) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/api`, {
        autoPong,
        headers: { cookie, origin },
      });
      await once(socket, 'open');
      return socket;
    };
    const alive = await open(true);
    const mute = await open(false);
    const asked = [once(alive, 'ping'), once(mute, 'ping')];
    mock.timers.tick(15_000);
    await Promise.all(asked);
    // The answer of the living one is at the host when the host has answered what was sent after it.
    const answered = once(alive, 'message');
    alive.send('{"i":"1","p":{"u":"/view"}}');
    await answered;
    const ended = once(mute, 'close');
    mock.timers.tick(14_000);
    await ended;
    assert.equal(alive.readyState, WebSocket.OPEN);
  } finally {
    await host.close();
    mock.timers.reset();
  }
});
