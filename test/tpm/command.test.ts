import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TctiError } from '../../src/tcti/errors.ts';
import { execute, type TpmCommand } from '../../src/tpm/command.ts';
import { channelOver, responseOf, scriptedTcti } from './scripted-tcti.ts';

const command: TpmCommand = { name: 'Test', code: 0x123, handles: [0x81010001] };
const authorized: TpmCommand = {
  ...command,
  authorizations: ['empty-password'],
  parameters: [Uint8Array.of(0xaa)],
  responseHandles: 1,
};

describe('execute', () => {
  test('frames handles, an empty password and parameters', async () => {
    const tcti = scriptedTcti(() => responseOf(0, '80000001 00000002 beef 0000 01 0000', 0x8002));
    const { handles, parameters } = await execute(channelOver(tcti), authorized);
    const frame = Buffer.from(tcti.commands[0]!).toString('hex');
    assert.equal(frame, '80020000001c000001238101000100000009400000090000010000aa');
    assert.deepEqual(handles, [0x80000001]);
    assert.equal(parameters.u16(), 0xbeef);
    parameters.end();
  });

  test('sends the same bytes again when the TPM says RETRY', async () => {
    const tcti = scriptedTcti((_, index) => responseOf(index < 2 ? 0x922 : 0));
    await execute(channelOver(tcti), command);
    assert.equal(tcti.commands.length, 3);
    assert.deepEqual(tcti.commands[2], tcti.commands[0]);
  });

  test('gives up within the deadline on a TPM that says RETRY for ever', async () => {
    const tcti = scriptedTcti(() => responseOf(0x922));
    await assert.rejects(execute(channelOver(tcti, 200), command), { name: 'TpmError', code: 'busy' });
    assert.ok(tcti.commands.length > 1 && tcti.commands.length < 6, `${tcti.commands.length} commands`);
  });

  test('stops repeating when cancelled', async () => {
    const tcti = scriptedTcti(() => responseOf(0x922));
    const cancel = new AbortController();
    const running = execute({ ...channelOver(tcti), signal: cancel.signal }, command);
    cancel.abort();
    await assert.rejects(running, { name: 'TctiError', code: 'cancelled' });
    assert.equal(tcti.commands.length, 1);
  });

  for (const code of [0x921, 0x98e, 0x9a2, 0x101, 0x923]) {
    test(`H1 sends once only what answers 0x${code.toString(16)}`, async () => {
      const tcti = scriptedTcti(() => responseOf(code));
      await assert.rejects(execute(channelOver(tcti), command), { name: 'TpmError' });
      assert.equal(tcti.commands.length, 1);
    });
  }

  test('names a TPM 1.2 by its answer', async () => {
    const tcti = scriptedTcti(() => responseOf(0x1e, '', 0x00c4));
    await assert.rejects(execute(channelOver(tcti), command), { code: 'not-tpm2' });
  });

  test('passes on what the bridge throws', async () => {
    const tcti = scriptedTcti(() => {
      throw new TctiError('closed', 'cut');
    });
    await assert.rejects(execute(channelOver(tcti), command), { name: 'TctiError', code: 'closed' });
  });

  const malformed: readonly (readonly [string, TpmCommand, Uint8Array])[] = [
    ['a session tag without sessions', command, responseOf(0, '', 0x8002)],
    ['no session tag with sessions', authorized, responseOf(0, '80000001')],
    ['an error with a session tag', authorized, responseOf(0x18b, '', 0x8002)],
    ['an error with more behind it', command, responseOf(0x18b, '00')],
    ['an unknown tag', command, responseOf(0, '', 0x8003)],
    ['a size that lies', command, Buffer.concat([responseOf(0), Buffer.alloc(1)])],
    ['fewer bytes than a header', command, Buffer.from('8001', 'hex')],
    ['no room for the handle', authorized, responseOf(0, '8000', 0x8002)],
    ['a parameter size past the end', authorized, responseOf(0, '80000001 00000100 0000', 0x8002)],
    ['no session area', authorized, responseOf(0, '80000001 00000000', 0x8002)],
    ['an HMAC for a password', authorized, responseOf(0, '80000001 00000000 0000 01 0001 aa', 0x8002)],
    ['bytes behind the session area', authorized, responseOf(0, '80000001 00000000 0000 01 0000 00', 0x8002)],
  ];
  for (const [what, sent, response] of malformed) {
    test(`refuses ${what}`, async () => {
      const tcti = scriptedTcti(() => response);
      await assert.rejects(execute(channelOver(tcti), sent), { name: 'TpmError', code: 'answer-malformed' });
    });
  }
});
