import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getHandles, getProperties, handleRange } from '../../src/tpm/get-capability.ts';
import { nvRead, nvReadPublic, TPMA_NV } from '../../src/tpm/nv-commands.ts';
import { readPublic } from '../../src/tpm/object-commands.ts';
import { publishedKey } from './endorsement-keys.ts';
import { channelOver, responseOf, scriptedTcti } from './scripted-tcti.ts';

const hex32 = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
const malformed = { name: 'TpmError', code: 'answer-malformed' };

describe('getHandles', () => {
  const handles = (more: boolean, ...list: number[]) =>
    responseOf(0, `${more ? '01' : '00'} 00000001 ${hex32(list.length)} ${list.map(hex32).join('')}`);

  test('asks on behind the last handle while the TPM has more, and stops at the end of the range', async () => {
    const tcti = scriptedTcti((_, index) =>
      index === 0 ? handles(true, 0x81000001, 0x81000002) : handles(false, 0x81010001, 0x82000000),
    );
    const listed = await getHandles(channelOver(tcti), handleRange.persistent);
    assert.deepEqual(listed, [0x81000001, 0x81000002, 0x81010001]);
    assert.equal(Buffer.from(tcti.commands[1]!).readUInt32BE(14), 0x81000003);
  });

  test('ends on a TPM that always has more', async () => {
    let next = 0x81000000;
    await assert.rejects(
      getHandles(channelOver(scriptedTcti(() => handles(true, next++))), 0x81000000),
      malformed,
    );
    const empty = await getHandles(channelOver(scriptedTcti(() => handles(true))), 0x81000000);
    assert.deepEqual(empty, []);
  });

  test('refuses handles out of order, a false count and another capability', async () => {
    const answers = [
      handles(false, 0x81000002, 0x81000001),
      handles(false, 0x80000000),
      responseOf(0, '00 00000001 00000005 81000001'),
      responseOf(0, '00 00000001 ffffffff'),
      responseOf(0, '00 00000006 00000000'),
    ];
    for (const answer of answers) {
      await assert.rejects(getHandles(channelOver(scriptedTcti(() => answer)), 0x81000000), malformed);
    }
  });
});

test('getProperties gives values as positive numbers', async () => {
  const tcti = scriptedTcti(() => responseOf(0, '00 00000006 00000002 00000105 ffffff00 00000200 00000001'));
  assert.deepEqual([...(await getProperties(channelOver(tcti), 0x100))], [[0x105, 0xffffff00]]);
});

describe('readPublic', () => {
  const key = Buffer.from(publishedKey.endorsementKey, 'base64');

  test('gives undefined where nothing has the handle', async () => {
    assert.equal(await readPublic(channelOver(scriptedTcti(() => responseOf(0x18b))), 0x81010001), undefined);
  });

  test('H2 refuses a public area that does not fit its Name', async () => {
    const answer = responseOf(0, `${key.toString('hex')} 0022 000b${'00'.repeat(32)} 0000`);
    await assert.rejects(readPublic(channelOver(scriptedTcti(() => answer)), 0x81010001), malformed);
  });
});

describe('NV', () => {
  const index = 0x01c00002;
  const readable = TPMA_NV.WRITTEN | TPMA_NV.AUTHREAD | TPMA_NV.NO_DA;
  const content = Buffer.from(Array.from({ length: 1300 }, (_, i) => i & 0xff));
  const serve = (most: number) =>
    scriptedTcti(command => {
      const frame = Buffer.from(command);
      const [size, offset] = [frame.readUInt16BE(frame.length - 4), frame.readUInt16BE(frame.length - 2)];
      if (size > most) return responseOf(0x1c4);
      const part = content.subarray(offset, offset + size).toString('hex');
      return responseOf(
        0,
        `${hex32(size + 2)} ${size.toString(16).padStart(4, '0')} ${part} 0000 01 0000`,
        0x8002,
      );
    });

  test('reads in chunks of NV_BUFFER_MAX, of 512 where the TPM names none, never tiny ones', async () => {
    for (const [nvBufferMax, commands] of [
      [1024, 2],
      [undefined, 3],
      [768, 2],
      [1, 3],
      [2048, 1],
    ] as const) {
      const tcti = serve(2048);
      const area = { nvIndex: index, attributes: readable, dataSize: content.length };
      assert.deepEqual(Buffer.from(await nvRead(channelOver(tcti), area, nvBufferMax)), content);
      assert.equal(tcti.commands.length, commands, `NV_BUFFER_MAX ${nvBufferMax}`);
    }
  });

  test('H1 never tries a password that counts towards lockout', async () => {
    const tcti = serve(2048);
    const area = { nvIndex: index, attributes: TPMA_NV.WRITTEN | TPMA_NV.AUTHREAD, dataSize: 10 };
    await assert.rejects(nvRead(channelOver(tcti), area, 1024), { code: 'nv-refused' });
    assert.equal(tcti.commands.length, 0);
  });

  test('reads by the owner where the index itself does not allow it', async () => {
    const tcti = serve(2048);
    const area = { nvIndex: index, attributes: TPMA_NV.WRITTEN | TPMA_NV.OWNERREAD, dataSize: 10 };
    await nvRead(channelOver(tcti), area, 1024);
    assert.equal(Buffer.from(tcti.commands[0]!).readUInt32BE(10), 0x40000001);
  });

  test('refuses an index that was never written or is locked', async () => {
    for (const attributes of [readable & ~TPMA_NV.WRITTEN, readable | TPMA_NV.READLOCKED]) {
      const area = { nvIndex: index, attributes, dataSize: 10 };
      await assert.rejects(nvRead(channelOver(serve(2048)), area, 1024), { code: 'nv-refused' });
    }
  });

  test('refuses an answer about another index and one of another length', async () => {
    const other = responseOf(0, '000e 01c00003 000b 62072801 0000 03f8 0000');
    await assert.rejects(nvReadPublic(channelOver(scriptedTcti(() => other)), index), malformed);
    const short = responseOf(0, '00000004 0002 abcd 0000 01 0000', 0x8002);
    const area = { nvIndex: index, attributes: readable, dataSize: 10 };
    await assert.rejects(nvRead(channelOver(scriptedTcti(() => short)), area, 1024), malformed);
  });
});
