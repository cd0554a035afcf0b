import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { EmulatorProcess } from './emulator-process.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { temporaryDirectory } from './running-emulator.ts';

describe('a killed emulator', () => {
  it('has everything that it acknowledged, each bulk request whole or not at all, and counts that agree', async () => {
    const dir = temporaryDirectory();
    const acknowledged: string[][] = [];
    const sent: string[][] = [];
    const emulator = await EmulatorProcess.start(dir);
    let killed: Promise<void> | undefined;
    const client = async () => {
      while (killed === undefined) {
        const ids = Array.from({ length: 10 }, (_, index) => `dut-${sent.length}-${index}`);
        sent.push(ids);
        try {
          await emulator.bulkCreate(ids.map(id => enrollmentDocument(id)));
          acknowledged.push(ids);
        } catch (error) {
          if (killed === undefined) throw error;
        }
        if (acknowledged.length === 150) killed ??= emulator.end('SIGKILL');
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(client));
    await killed;

    const next = await EmulatorProcess.start(dir);
    try {
      const { enrollments, totals } = await next.state();
      const found = new Map<string, number>(
        enrollments.map(({ registrationId, created }: { registrationId: string; created: number }) => [
          registrationId,
          created,
        ]),
      );
      for (const id of acknowledged.flat()) assert.equal(found.get(id), 1, id);
      for (const ids of sent) {
        const stored = ids.filter(id => found.has(id)).length;
        assert.ok(stored === 0 || stored === 10, `${stored} of ${ids[0]} to ${ids[9]}`);
      }
      assert.deepEqual([totals.registrationIds, totals.held, totals.created], Array(3).fill(found.size));
    } finally {
      await next.end('SIGTERM');
      rmSync(dir, { recursive: true });
    }
  });
});
