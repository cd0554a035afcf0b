/** An audit log that lives in the page: what is written takes a moment, the folder of a stick is full, and one file is spoilt. */
import type {
  AuditAnswer,
  AuditFinding,
  AuditOrder,
  AuditResult,
  AuditView,
  AuditWork,
  ExportedFilesAnswer,
} from '../../../src/api/contract.ts';

const origin = 'station-5a1c09e2b7/log-77d3c10f4e';
const rootHash = '3fa91c0de27b4485'.repeat(4);
const stepMs = 60;
const all = 12_000;

const finding = (file: string | undefined): AuditFinding => {
  if (file?.includes('spoilt'))
    return {
      ok: false,
      problem: 'entry-changed',
      index: 6,
      line: 9,
      detail: 'entry 6 does not fit its leaf hash',
    };
  const own = !file?.includes('other');
  return {
    ok: true,
    level: own ? 'witnessed' : 'intact',
    origin,
    own,
    rehearsal: false,
    size: 12_345,
    entries: file?.includes('proof') ? 0 : 12_345,
    withheld: 0,
    ...(file?.includes('proof') && { extends: 12_000 }),
    signedUpTo: own ? 12_345 : 0,
    witnessedUpTo: own ? 12_000 : 0,
    rootHash,
  };
};

export function fakeAudit() {
  let checkpointSize = 12_000;
  let work: AuditWork | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const view = (): AuditView => ({
    origin,
    rehearsal: false,
    size: 12_345,
    verifierKey: `${origin}+0d93c2aa+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA`,
    checkpoint: {
      size: checkpointSize,
      rootHash,
      madeAt: Date.UTC(2026, 10, 22, 3, 30),
      note: `${origin}\n${checkpointSize}\nP6kcDeJ7RIU/qRwN4ntEhT+pHA3ie0SFP6kcDeJ7RIU=\n\n— ${origin} DZPCqlMcb2S1oVYhFvNl0iV8mZpKk3b7Zy7wq3Xq5y3o3pSxw0o8X2rJmT1Yb5bD4P1cB0lK8uQkq9vVfH0m5aYvBQ==\n`,
    },
    outside: { folder: '/mnt1/2026', size: checkpointSize },
    folders: ['감사용 USB 1', '/2'],
    ...(work && { work }),
  });
  const answer = (): AuditAnswer => ({ ok: true, audit: view() });
  const resultOf = (order: AuditOrder): AuditResult => {
    switch (order.kind) {
      case 'checkpoint':
        checkpointSize = 12_345;
        return { kind: 'checkpoint', size: 12_345, rootHash, files: ['one'], faults: [] };
      case 'verify-ledger':
        return { kind: 'findings', findings: [finding(undefined)] };
      case 'verify-file':
        return { kind: 'findings', findings: [finding(order.file)] };
      default:
        return {
          kind: 'file',
          folder: order.folder,
          file: `${order.kind}-2026-11-22T03-40-00-000Z-Station-01.csv`,
          bytes: 4_812_345,
          size: 12_345,
          rootHash,
          ...(order.kind === 'export' ? { entries: 400, withheld: 11_945 } : {}),
          readBack: 'medium',
        };
    }
  };
  return {
    readAudit: answer,
    runAudit: (order: AuditOrder): AuditAnswer => {
      if (work?.state === 'running') return { ok: false, code: 'audit-busy' };
      work = { state: 'running', order };
      const measured = order.kind === 'export';
      let done = 0;
      clearInterval(timer);
      timer = setInterval(() => {
        done += all / 4;
        if (measured) work = { state: 'running', order, done, all };
        if (done < all) return;
        clearInterval(timer);
        work =
          'folder' in order && order.folder === '/2' && !order.kind.startsWith('verify')
            ? {
                state: 'failed',
                order,
                failure: { code: 'export-full', detail: 'ENOSPC: no space left on device, write' },
              }
            : { state: 'done', order, result: resultOf(order) };
      }, stepMs);
      return answer();
    },
    stopAudit: (): AuditAnswer => {
      clearInterval(timer);
      if (work?.state === 'running') work = { state: 'stopped', order: work.order };
      return answer();
    },
    listExportedFiles: ({ folder }: { folder: string }): ExportedFilesAnswer =>
      folder === '/2'
        ? { ok: false, code: 'export-folder-unreadable' }
        : {
            ok: true,
            more: false,
            files: ['log-1', 'spoilt-2', 'other-3', 'proof-4'].map((name, n) => ({
              name: `${name}-2026-11-22T03-40-00-000Z-Station-01.csv`,
              bytes: 4_812_345 - n * 1_000_000,
              changedAt: Date.UTC(2026, 10, 22, 3, 40 - n),
            })),
          },
  };
}
