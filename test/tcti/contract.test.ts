/** What every carrier promises (src/tcti/tcti.ts), proved on each of them with a real TPM behind it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { TctiError, type TctiErrorCode } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { SshAccess } from '../../src/tcti/ssh-access.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { missing, missingSshd } from '../parts.ts';
import { fronts, isSsh, startDut } from './bridges.ts';

const getRandom = (bytes: number) =>
  Buffer.from(`80010000000c0000017b${bytes.toString(16).padStart(4, '0')}`, 'hex');
/** ReadPublic of the EK's handle, where a fresh swtpm holds nothing: response code 0x18B. */
const readPublicOfNothing = Buffer.from('80010000000e0000017381010001', 'hex');
/** GetCapability of 127 TPM properties: the longest answer of a harvest. */
const getProperties = Buffer.from('8001000000160000017a00000006000001000000007f', 'hex');

/** A frame of so many bytes; with a command code that no TPM knows. */
function commandOf(bytes: number): Buffer {
  const command = Buffer.alloc(bytes);
  command.writeUInt16BE(0x8001);
  command.writeUInt32BE(bytes, 2);
  command.writeUInt32BE(0x0000_0fff, 6);
  return command;
}

function code(expected: TctiErrorCode): (error: unknown) => boolean {
  return error => error instanceof TctiError && error.code === expected && error.hint !== '';
}

/** For mute-bridge.ts: the key file and the host key. */
function signInWith(ssh: SshAccess | undefined): string[] {
  const [key] = ssh?.credentials ?? [];
  return key?.kind === 'key-file' ? [key.path, ssh?.hostKeys.known('') ?? ''] : [];
}

/** This process's sockets, pipes, terminals and other files, and its children. */
async function openThings(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const links = await Promise.all(descriptors.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => 'gone')));
  const children = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ');
  return [...links.filter(link => link !== 'gone' && !link.startsWith('/proc')), ...children].sort();
}

for (const front of fronts) {
  const skip = isSsh(front)
    ? missing('swtpm', 'socat', 'tpm2-tools') || missingSshd()
    : missing('swtpm', 'socat');
  const options = { deadlineMs: 10_000 };

  test(`${front}: whole responses come through, errors of the TPM as well`, { skip }, async context => {
    const tcti = await (await startDut(front, context)).open();
    assert.equal(tcti.name, front.split(' ')[0]);
    assert.equal(tcti.resourceManaged, false);
    const seen = new Set<string>();
    for (let round = 0; round < 50; round++) {
      const response = Buffer.from(await tcti.transmit(getRandom(16), options));
      assert.equal(response.length, 12 + 16);
      assert.equal(response.toString('hex', 0, 12), `80010000001c000000000010`);
      seen.add(response.toString('hex', 12));
    }
    assert.equal(seen.size, 50);
    const nothing = Buffer.from(await tcti.transmit(readPublicOfNothing, options));
    assert.equal(nothing.toString('hex'), '80010000000a0000018b');
    const properties = Buffer.from(await tcti.transmit(getProperties, options));
    assert.equal(properties.readUInt32BE(2), properties.length);
    assert.ok(properties.length > 300);
  });

  test(`${front}: a command of 4,096 bytes goes out, a longer or lying one does not`, {
    skip,
  }, async context => {
    const tcti = await (await startDut(front, context)).open();
    const response = Buffer.from(await tcti.transmit(commandOf(4096), options));
    assert.equal(response.length, 10);
    assert.notEqual(response.readUInt32BE(6), 0);
    const lying = commandOf(20);
    lying.writeUInt32BE(21, 2);
    for (const wrong of [commandOf(4097), lying, Buffer.alloc(9)])
      await assert.rejects(tcti.transmit(wrong, options), RangeError);
    assert.equal((await tcti.transmit(getRandom(8), options)).length, 20);
  });

  test(`${front}: a TPM that falls silent ends by the deadline, and the bridge with it`, {
    skip,
  }, async context => {
    const { open, pid } = await startDut(front, context);
    const tcti = await open();
    await tcti.transmit(getRandom(8), options);
    process.kill(pid, 'SIGSTOP');
    const start = performance.now();
    await assert.rejects(tcti.transmit(getRandom(8), { deadlineMs: 150 }), code('timeout'));
    const took = performance.now() - start;
    assert.ok(took >= 149 && took < 2_000, `took ${took} ms`);
    process.kill(pid, 'SIGCONT');
    await assert.rejects(tcti.transmit(getRandom(8), options), code('timeout'));
  });

  test(`${front}: a cancelled command ends at once, and the bridge with it`, { skip }, async context => {
    const { open, pid } = await startDut(front, context);
    const tcti = await open();
    process.kill(pid, 'SIGSTOP');
    const controller = new AbortController();
    const pending = tcti.transmit(getRandom(8), { ...options, signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(pending, code('cancelled'));
    process.kill(pid, 'SIGCONT');
    await assert.rejects(tcti.transmit(getRandom(8), options), code('cancelled'));
  });

  test(`${front}: cancelled before it is sent, a command leaves the bridge usable`, {
    skip,
  }, async context => {
    const { open, conf, ssh } = await startDut(front, context);
    const tcti = await open();
    const signal = AbortSignal.abort();
    await assert.rejects(tcti.transmit(getRandom(8), { ...options, signal }), code('cancelled'));
    assert.equal((await tcti.transmit(getRandom(8), options)).length, 20);
    await assert.rejects(
      openTcti(parseTctiConf(conf), { connectDeadlineMs: 5_000, signal, ssh }),
      code('cancelled'),
    );
  });

  test(`${front}: a second command is refused and does not disturb the first`, { skip }, async context => {
    const tcti = await (await startDut(front, context)).open();
    const first = tcti.transmit(getRandom(16), options);
    await assert.rejects(tcti.transmit(getRandom(8), options), code('busy'));
    assert.equal((await first).length, 12 + 16);
    assert.equal((await tcti.transmit(getRandom(8), options)).length, 12 + 8);
  });

  test(`${front}: closing ends a command in flight, may be repeated, and leaves nothing`, {
    skip,
  }, async context => {
    const { open, pid } = await startDut(front, context);
    const before = await openThings();
    const tcti = await open();
    await tcti.transmit(getRandom(8), options);
    assert.notDeepEqual(await openThings(), before);
    process.kill(pid, 'SIGSTOP');
    const pending = assert.rejects(tcti.transmit(getRandom(8), options), code('closed'));
    await Promise.all([tcti.close(), tcti.close()]);
    await pending;
    await tcti.close();
    await assert.rejects(tcti.transmit(getRandom(8), options), code('closed'));
    process.kill(pid, 'SIGCONT');
    // The fronts run in this process as well and need a moment to notice.
    for (const end = performance.now() + 5_000; ; await pause(5)) {
      const after = await openThings();
      if (performance.now() > end) assert.deepEqual(after, before);
      else if (isDeepStrictEqual(after, before)) return;
    }
  });

  test(`${front}: a TPM that loses power in mid-command ends the command at once`, {
    skip,
  }, async context => {
    const { open, pid } = await startDut(front, context);
    const tcti = await open();
    await tcti.transmit(getRandom(8), options);
    process.kill(pid, 'SIGSTOP');
    const pending = tcti.transmit(getRandom(8), options);
    setImmediate(() => process.kill(pid, 'SIGKILL'));
    const start = performance.now();
    await assert.rejects(pending, code('closed'));
    assert.ok(performance.now() - start < 5_000);
  });

  test(`${front}: a mute TPM does not keep the process from ending`, { skip }, async context => {
    const { conf, ssh, pid } = await startDut(front, context);
    process.kill(pid, 'SIGSTOP');
    const script = fileURLToPath(new URL('mute-bridge.ts', import.meta.url));
    const child = spawn(process.execPath, [script, conf, ...signInWith(ssh)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text;
    });
    const start = performance.now();
    const [exitCode] = await once(child, 'close');
    assert.deepEqual([said, exitCode], ['timeout', 0]);
    assert.ok(performance.now() - start < 8_000);
  });
}
