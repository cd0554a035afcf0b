import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runStandalone } from '../../src/emulator/standalone.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, temporaryDirectory } from './running-emulator.ts';

/** Runs one until its first line is there. */
async function start(dir: string, keep: 'disk' | 'memory', port?: number) {
  const ending = new AbortController();
  const lines: string[] = [];
  let running: Promise<void> = Promise.resolve();
  const end = () => {
    ending.abort();
    return running;
  };
  await new Promise<void>((resolve, reject) => {
    running = runStandalone({
      dir,
      keep,
      port,
      signal: ending.signal,
      print: line => {
        lines.push(line);
        resolve();
      },
    });
    running.catch(reject);
  });
  return {
    lines,
    announced: JSON.parse(lines[0] ?? ''),
    end,
    [Symbol.asyncDispose]: end,
  };
}

describe('runStandalone', () => {
  it('tells where it is in one JSON line, keeps its enrollments on disk, and ends when asked to', async () => {
    const dir = temporaryDirectory();
    await using first = await start(dir, 'disk');
    const { announced } = first;
    assert.deepEqual(Object.keys(announced), [
      'serviceUrl',
      'connectionString',
      'idScope',
      'globalEndpoint',
      'caFile',
    ]);
    const port = Number(new URL(announced.serviceUrl).port);
    assert.equal(announced.globalEndpoint, `localhost:${port}`);
    assert.match(
      announced.connectionString,
      new RegExp(
        `^HostName=localhost:${port};SharedAccessKeyName=provisioningserviceowner;SharedAccessKey=.{44}$`,
      ),
    );
    assert.match(announced.idScope, /^0ne[0-9A-F]{8}$/);
    assert.match(readFileSync(announced.caFile, 'utf8'), /BEGIN CERTIFICATE/);

    const reached = { ...announced, port };
    assert.equal(
      (await callService(reached, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1'))).status,
      200,
    );
    await first.end();
    assert.equal(first.lines.length, 1);
    await assert.rejects(callService(reached, 'GET', '/enrollments/dut-1'), { code: 'ECONNREFUSED' });

    await using second = await start(dir, 'disk', port);
    assert.deepEqual(second.announced, announced);
    assert.equal((await callService(reached, 'GET', '/enrollments/dut-1')).status, 200);
    await second.end();
    rmSync(dir, { recursive: true });
  });

  it('leaves no enrollments behind when it keeps them in memory', async () => {
    const dir = temporaryDirectory();
    await using running = await start(dir, 'memory');
    await running.end();
    assert.throws(() => readFileSync(join(dir, 'enrollments.sqlite')), { code: 'ENOENT' });
    rmSync(dir, { recursive: true });
  });

  it('says that a port is taken, and prints nothing', async () => {
    await using other = await emulatorForTest();
    const dir = temporaryDirectory();
    await assert.rejects(start(dir, 'memory', other.port), {
      name: 'EmulatorError',
      code: 'port-unavailable',
    });
    rmSync(dir, { recursive: true });
  });
});
