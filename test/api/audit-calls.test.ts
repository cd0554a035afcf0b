/** The audit log over the API, on a real station core: exported to a folder by its name, verified there, and no path taken. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Api, ApiError, type AuditAnswer, type AuditWork } from '../../src/api/contract.ts';
import type { Hands } from '../../src/station/access/hands.ts';
import { StationAudit } from '../../src/station/audit-desk/audit-desk.ts';
import { StationError } from '../../src/station/errors.ts';
import { coreForTest } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

const anybody: Hands = {
  account: () => 'kiosk',
  actor: async () => ({ proof: 'account', account: 'kiosk' }),
};
const nobody = () => {
  throw new StationError('sign-in-needed', 'locked');
};
const locked: Hands = { account: nobody, actor: async () => nobody() };

async function end(api: Api, begun: AuditAnswer): Promise<AuditWork> {
  let answer = begun;
  while (answer.ok && answer.audit.work?.state === 'running') {
    await turn();
    answer = await api.readAudit();
  }
  assert.ok(answer.ok && answer.audit.work, JSON.stringify(answer));
  return answer.audit.work;
}

for (const [name, open] of Object.entries(transports))
  test(`${name}: A3 A4 S1 an export goes to a folder by its name and verifies there; what is no name never reaches the station`, async () => {
    const stick = mkdtempSync(path.join(tmpdir(), 'keyline-stick-'));
    using core = coreForTest({
      configuration: { audit: { exportFolders: [{ name: 'Stick', path: stick }] } },
    });
    const audit = new StationAudit(core);
    const served = await open({
      station: scriptedStation({ audit: audit.desk(anybody) }),
      onFault: unexpected,
    });
    const shut = await open({ station: scriptedStation({ audit: audit.desk(locked) }), onFault: unexpected });
    const { api } = served;
    try {
      const order = { kind: 'export', format: 'jsonl', folder: 'Stick' } as const;
      const { result } = await end(api, await api.runAudit(order));
      assert.ok(result?.kind === 'file' && result.entries === 1);
      const files = await api.listExportedFiles({ folder: 'Stick' });
      assert.ok(files.ok && files.files.length === 1 && files.files[0]!.name === result.file);
      const work = await end(
        api,
        await api.runAudit({ kind: 'verify-file', folder: 'Stick', file: result.file }),
      );
      assert.ok(work.result?.kind === 'findings');
      const [finding] = work.result.findings;
      assert.ok(finding?.ok && finding.level === 'witnessed', JSON.stringify(finding));
      assert.deepEqual(await api.listExportedFiles({ folder: '/tmp' }), {
        ok: false,
        code: 'export-folder-unknown',
      });
      assert.ok((await api.stopAudit()).ok);

      for (const input of [
        { kind: 'export', format: 'xml', folder: 'Stick' },
        { kind: 'export', format: 'csv', folder: '' },
        { kind: 'export', format: 'csv', folder: 'Stick', out: '/etc/passwd' },
        { kind: 'export', format: 'csv', folder: 'Stick', since: -1 },
        { kind: 'verify-file', folder: 'Stick', file: 'x'.repeat(256) },
        { kind: 'rotate-key' },
      ])
        await assert.rejects(
          api.runAudit(input as never),
          error => error instanceof ApiError && error.code === 'invalid-input',
          JSON.stringify(input),
        );
      const refused = { ok: false, code: 'sign-in-needed' } as const;
      assert.deepEqual(
        [
          await shut.api.readAudit(),
          await shut.api.runAudit(order),
          await shut.api.stopAudit(),
          await shut.api.listExportedFiles({ folder: 'Stick' }),
        ],
        [refused, refused, refused, refused],
      );
    } finally {
      await served.end();
      await shut.end();
      await audit.close();
      rmSync(stick, { recursive: true, force: true });
    }
  });
