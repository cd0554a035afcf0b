/** O6: two processes on one ledger, as an engineer would start them, and SIGKILL for the one that drains. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { emulatorForTest } from '../emulator/running-emulator.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { temporaryFolder } from '../station/station-fixture.ts';
import { documentOf, keyline, launcher } from './run-keyline.ts';

interface Line {
  readonly state: string;
  readonly code?: string;
  readonly queued: number;
}

/** `sync --watch`, and what it has said. */
class Watching {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;
  #told: (() => void)[] = [];

  constructor(env: NodeJS.ProcessEnv) {
    this.child = spawn(launcher, ['sync', '--watch', '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.child.stdout! }).on('line', text => {
      this.lines.push(JSON.parse(text));
      for (const told of this.#told.splice(0)) told();
    });
  }

  async until(isIt: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const line = this.lines.find(isIt);
      if (line) return line;
      await new Promise<void>(resolve => this.#told.push(resolve));
    }
  }

  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

function watch(context: TestContext, env: NodeJS.ProcessEnv): Watching {
  const watching = new Watching(env);
  context.after(() => watching.child.kill('SIGKILL'));
  return watching;
}

describe('sync --watch of two processes on one ledger', () => {
  it('O6 one drains and the other says so, and takes over within seconds when the first is killed', async context => {
    const folder = temporaryFolder();
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    await using emulator = await emulatorForTest({ dir: path.join(folder, 'dps') });
    const dataDir = path.join(folder, 'station');
    const settings = {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: emulator.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.caFile,
    };
    const env = { ...process.env, ...settings, KEYLINE_DATA_DIR: dataDir };
    const first = watch(context, env);
    await first.until(({ state }) => state === 'online');
    const second = watch(context, env);
    await second.until(({ code }) => code === 'drain-elsewhere');

    const file = path.join(folder, 'devices.csv');
    const rows = Array.from({ length: 30 }, (_, n) => `SN-${n},${base64Key(n)}`);
    writeFileSync(file, `serial,endorsementKey\n${rows.join('\n')}\n`);
    await first.kill();
    const killed = performance.now();
    const imported = await keyline(['import', file], { dataDir, env: settings });
    assert.equal(imported.code, 0, imported.stderr);
    await second.until(({ state }) => state === 'online');
    assert.ok(performance.now() - killed < 10_000, `${performance.now() - killed} ms`);

    let enrolled = 0;
    while (enrolled < 30) {
      const status = documentOf(await keyline(['status', '--json'], { dataDir, env: settings }));
      enrolled = (status.queue as { enrolled: number }).enrolled;
    }
    assert.deepEqual(
      first.lines.map(({ state }) => state).filter(state => state !== 'offline'),
      ['online'],
    );
  });
});
