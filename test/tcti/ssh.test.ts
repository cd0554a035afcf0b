/** What only the ssh carrier promises: who is let in, which host is believed, what the DUT needs, how a link may break. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSlowLink } from '../../scripts/virtual-dut/slow-link.ts';
import { accessWith, giveToDut, makeKey, startSshDut } from '../../scripts/virtual-dut/ssh-dut.ts';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { knownHostsIn } from '../../src/station/attempt/known-hosts.ts';
import { TctiError, type TctiErrorCode } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { findAnnouncement } from '../../src/tcti/remote-script.ts';
import type { SshAccess } from '../../src/tcti/ssh-access.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { missing, missingSshd } from '../parts.ts';
import { untilGone } from '../processes.ts';
import fc from '../property.ts';
import { cleanUp, deviceOnDut, sshInFrontOf, temporaryFolder } from './bridges.ts';
import { startServer } from './loopback-servers.ts';

const skip = missing('swtpm', 'socat', 'tpm2-tools') || missingSshd();
const getRandom = Buffer.from('80010000000c0000017b0008', 'hex');
const options = { deadlineMs: 10_000 };

async function openFor(context: TestContext, conf: string, ssh: SshAccess): Promise<Tcti> {
  const tcti = await openTcti(parseTctiConf(conf), { connectDeadlineMs: 5_000, ssh });
  context.after(() => tcti.close());
  return tcti;
}

async function failure(attempt: Promise<unknown>, code: TctiErrorCode): Promise<TctiError> {
  const error = await attempt.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TctiError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

/** A DUT whose tpm2_send is this shell script. */
function dutWith(context: TestContext, script: string, tcti = 'device:/dev/tpmrm0') {
  return startSshDut({ way: 'dd', tcti, programs: { tpm2_send: script } }, cleanUp(context));
}

test('ssh: the kernel’s resource manager is named where the DUT uses it, and tpm2_send gets the DUT’s conf', {
  skip,
}, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  for (const [tcti, managed] of [
    ['device:/dev/tpmrm0', true],
    ['device:/dev/tpm0', false],
    ['tabrmd', false],
  ] as const) {
    const script = `[ "$*" = "-T ${tcti}" ] || exit 9; exec ${await toolPath('tpm2_send')} -T ${swtpm.bridge}`;
    const dut = await dutWith(context, script, tcti);
    const bridge = await openFor(context, dut.conf, dut.access);
    assert.equal(bridge.resourceManaged, managed, tcti);
    assert.equal((await bridge.transmit(getRandom, options)).length, 20);
    await bridge.close();
  }
});

async function toolPath(name: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', `command -v ${name}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let path = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    path += text;
  });
  await once(child, 'close');
  return path.trim();
}

test('ssh: another host key than the pinned one is refused before any key is offered', {
  skip,
}, async context => {
  const dut = await dutWith(context, 'exit 1');
  const pinned = makeKey().fingerprint;
  const error = await failure(
    openFor(context, dut.conf, accessWith(dut.identityFile, pinned)),
    'host-key-mismatch',
  );
  assert.ok(error.message.includes(pinned) && error.message.includes(dut.hostKey));
  assert.doesNotMatch(dut.log(), /Accepted|Failed/);
});

test('ssh: at first contact the host key is recorded, then another one is refused', {
  skip,
}, async context => {
  const later = cleanUp(context);
  const folder = join(await temporaryFolder(later), 'known-hosts');
  const script = 'exec cat >/dev/null';
  const first = await startSshDut({ way: 'dd', tcti: 'tabrmd', programs: { tpm2_send: script } }, later);
  const access = (identity: typeof first): SshAccess => ({
    ...identity.access,
    hostKeys: knownHostsIn(folder),
  });
  for (let contact = 0; contact < 2; contact++)
    await (await openFor(context, first.conf, access(first))).close();
  const files = await readdir(folder);
  assert.deepEqual(files, [`127.0.0.1%3A${first.port}`]);
  assert.equal(await readFile(join(folder, files[0]!), 'utf8'), `${first.hostKey}\n`);
  await first.stop();
  const { port } = first;
  const second = await startSshDut(
    { way: 'dd', tcti: 'tabrmd', port, programs: { tpm2_send: script } },
    later,
  );
  await failure(openFor(context, second.conf, access(second)), 'host-key-mismatch');
  assert.equal(await readFile(join(folder, files[0]!), 'utf8'), `${first.hostKey}\n`);
});

test('ssh: a host that does not let us in leaves no record', { skip }, async context => {
  const later = cleanUp(context);
  const folder = await temporaryFolder(later);
  const dut = await dutWith(context, 'exit 1');
  const access = { credentials: [], hostKeys: knownHostsIn(folder) };
  await failure(openFor(context, dut.conf, access), 'not-permitted');
  assert.deepEqual(await readdir(folder), []);
});

test('ssh: a wrong key, a wrong user, and keys that cannot be used are not-permitted', {
  skip,
}, async context => {
  const folder = await temporaryFolder(cleanUp(context));
  const dut = await dutWith(context, 'exit 1');
  const other = join(folder, 'other');
  await writeFile(other, makeKey().private);
  await failure(openFor(context, dut.conf, accessWith(other, dut.hostKey)), 'not-permitted');
  const stranger = dut.conf.replace('dut@', 'stranger@');
  await failure(openFor(context, stranger, dut.access), 'not-permitted');
  const rubbish = join(folder, 'rubbish');
  await writeFile(rubbish, 'hunter2');
  for (const [file, why] of [
    [rubbish, 'is no private key'],
    [join(folder, 'absent'), 'ENOENT'],
  ] as const) {
    const error = await failure(openFor(context, dut.conf, accessWith(file, dut.hostKey)), 'not-permitted');
    assert.ok(error.message.includes(`${file}: ${why}`), error.message);
    assert.doesNotMatch(error.message, /hunter2/);
  }
});

test('ssh: the keys of the user’s agent let us in', {
  skip: skip || (!existsSync('/usr/bin/ssh-add') && 'needs ssh-agent: apt-get install openssh-client'),
}, async context => {
  const later = cleanUp(context);
  const socket = join(await temporaryFolder(later), 'agent');
  const agent = spawn('/usr/bin/ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  later(() => agent.kill());
  while (!existsSync(socket)) await pause(5);
  const dut = await dutWith(context, 'exec /bin/cat >/dev/null');
  const credentials = [{ kind: 'agent' as const, socket }];
  await failure(openFor(context, dut.conf, { ...dut.access, credentials }), 'not-permitted');
  const env = { SSH_AUTH_SOCK: socket };
  await once(spawn('/usr/bin/ssh-add', ['-q', dut.identityFile], { env, stdio: 'ignore' }), 'close');
  await (await openFor(context, dut.conf, { ...dut.access, credentials })).close();
});

test('ssh: an agent that is gone is passed over for the key behind it', { skip }, async context => {
  const dut = await dutWith(context, 'exec cat >/dev/null');
  const credentials = [{ kind: 'agent' as const, socket: '/nonexistent/agent' }, ...dut.access.credentials];
  await (await openFor(context, dut.conf, { ...dut.access, credentials })).close();
});

test('ssh: a device that the user may not open is not-permitted, with what the DUT says', {
  skip,
}, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const tcti = await deviceOnDut(swtpm.port, later);
  await chmod(tcti.replace('device:', ''), 0o000);
  const dut = await startSshDut({ way: 'dd', tcti }, later);
  const error = await failure(openFor(context, dut.conf, dut.access), 'not-permitted');
  assert.match(error.message, /Permission denied/);
});

test('ssh: a device that another program holds is busy', { skip }, async context => {
  const later = cleanUp(context);
  const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
  later(() => swtpm.stop());
  const tcti = await deviceOnDut(swtpm.port, later);
  // TIOCEXCL: to everybody else the open of this terminal is EBUSY, as that of /dev/tpm0 is while it is held.
  const holder = spawn('socat', ['-u', `OPEN:${tcti.replace('device:', '')},ioctl-void=0x540C`, '-'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  later(() => holder.kill());
  const dut = await startSshDut({ way: 'dd', tcti }, later);
  for (const end = performance.now() + 5_000; ; await pause(20)) {
    const opened = openFor(context, dut.conf, dut.access);
    const code = await opened.then(
      bridge => bridge.close(),
      error => error.code,
    );
    if (code === 'busy') return;
    assert.ok(performance.now() < end, `ended in ${code}`);
  }
});

test('ssh: a DUT without a TPM is unreachable', { skip }, async context => {
  const later = cleanUp(context);
  for (const [tcti, says] of [
    ['device:/nonexistent/tpm0', /nonexistent\/tpm0/],
    ['swtpm:port=1', /names no device/],
  ] as const) {
    const dut = await startSshDut({ way: 'dd', tcti }, later);
    assert.match((await failure(openFor(context, dut.conf, dut.access), 'unreachable')).message, says);
  }
});

test('ssh: tpm2_send that cannot open the TPM is told by its words', { skip }, async context => {
  for (const [words, code] of [
    ['Failed to open: Permission denied', 'not-permitted'],
    ['Failed to open: Device or resource busy', 'busy'],
    ['Could not load tcti', 'unreachable'],
  ] as const) {
    const dut = await dutWith(context, `echo "${words}" >&2; exit 1`);
    const opened = openFor(context, dut.conf, dut.access);
    const error = await failure(
      opened.then(bridge => bridge.transmit(getRandom, options)),
      code,
    );
    assert.match(error.message, new RegExp(`(?:exit code 1|ended its output): ${words}`));
  }
});

for (const [does, script] of [
  ['answers garbage', 'dd bs=12 count=1 >/dev/null 2>&1; echo "HTTP/1.1 400 Bad Request"; exec cat'],
  ['speaks unasked', 'echo unasked; exec cat >/dev/null'],
] as const)
  test(`ssh: a DUT that ${does} ends in frame-invalid`, { skip }, async context => {
    const dut = await dutWith(context, script.replaceAll('cat', '/bin/cat'));
    const bridge = await openFor(context, dut.conf, dut.access);
    await failure(bridge.transmit(getRandom, options), 'frame-invalid');
  });

for (const { does, serve, code } of [
  {
    does: 'speaks another SSH',
    serve: (socket: Socket) => socket.write('SSH-1.5-old\r\n'),
    code: 'frame-invalid',
  },
  { does: 'never speaks', serve: () => {}, code: 'unreachable' },
  { does: 'hangs up', serve: (socket: Socket) => socket.end(), code: 'unreachable' },
] as const)
  test(`ssh: a port that ${does} is ${code}`, async context => {
    const server = await startServer(serve);
    context.after(() => server.close());
    const conf = parseTctiConf(`ssh:root@127.0.0.1:${server.port}`);
    const ssh = accessWith('/nonexistent', makeKey().fingerprint);
    await failure(openTcti(conf, { connectDeadlineMs: 400, ssh }), code);
    const signal = AbortSignal.timeout(50);
    if (does === 'never speaks')
      await failure(openTcti(conf, { connectDeadlineMs: 10_000, ssh, signal }), 'cancelled');
  });

test('ssh: nothing stays on the DUT when the bridge closes, not even what ignores its input', {
  skip,
}, async context => {
  const folder = await temporaryFolder(cleanUp(context));
  await giveToDut(folder, 0o755);
  const dut = await dutWith(context, `echo $$ > ${folder}/pid; exec /bin/sleep 1000`);
  const bridge = await openFor(context, dut.conf, dut.access);
  const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''));
  while (!(await pid())) await pause(5);
  await bridge.close();
  await untilGone([await pid()]);
});

test('ssh: a link that is cut in the middle of a command ends it at once', { skip }, async context => {
  const later = cleanUp(context);
  const dut = await dutWith(context, 'exec /bin/cat >/dev/null');
  const link = await startSlowLink(dut.port, 0, later);
  const bridge = await openFor(context, dut.conf.replace(/\d+$/, `${link.port}`), dut.access);
  const pending = failure(bridge.transmit(getRandom, options), 'closed');
  const start = performance.now();
  link.cut();
  await pending;
  assert.ok(performance.now() - start < 3_000);
});

for (const front of ['ssh tpm2_send', 'ssh dd'] as const)
  test(`${front}: on a slow link a command costs its round trip`, { skip }, async context => {
    const later = cleanUp(context);
    const swtpm = await startSwtpm({ stateDir: await temporaryFolder(later) });
    later(() => swtpm.stop());
    const { conf, ssh } = await sshInFrontOf(front, swtpm.port, later);
    const link = await startSlowLink(Number(conf.split(':').at(-1)), 50, later);
    const bridge = await openFor(context, conf.replace(/\d+$/, `${link.port}`), ssh);
    const took: number[] = [];
    for (let round = 0; round < 9; round++) {
      const start = performance.now();
      await bridge.transmit(getRandom, options);
      took.push(performance.now() - start);
    }
    const median = took.sort((a, b) => a - b)[4]!;
    context.diagnostic(`median ${median.toFixed(1)} ms a command on a link of 50 ms`);
    assert.ok(median >= 49 && median < 95, `median ${median} ms`);
  });

test('ssh: the announcement is found behind what a login shell prints, and in any fragments', () => {
  const preface = fc
    .array(fc.string().filter(text => !text.includes('keyline-tpm')))
    .map(lines => lines.map(line => `${line}\n`).join(''));
  fc.assert(
    fc.property(preface, fc.boolean(), fc.uint8Array(), (said, managed, rest) => {
      const line = Buffer.from(`${said}keyline-tpm dd ${managed ? 'managed' : 'unmanaged'}\n`);
      for (let length = 0; length < line.length; length += 7)
        assert.equal(findAnnouncement(line.subarray(0, length)), undefined);
      const found = findAnnouncement(Buffer.concat([line, rest]));
      assert.deepEqual(found && [found.way, found.resourceManaged, Buffer.compare(found.rest, rest)], [
        'dd',
        managed,
        0,
      ]);
    }),
  );
  assert.throws(() => findAnnouncement(Buffer.alloc(9000, 'x')), { code: 'frame-invalid' });
});
