import assert from 'node:assert/strict';
import { it } from 'node:test';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import type { CreateEntry, OutboxEntry } from '../../src/outbox/store.ts';
import fc from '../property.ts';
import { makeChange, makeEntry } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';
import { Crash, ScriptedService, scriptedFaults } from './scripted-service.ts';

const steps = ['disable', 'enable', 'update', 'replace', 'delete'] as const;
type Step = (typeof steps)[number];

/** What DPS must have in the end; undefined: nothing. */
interface Wanted {
  readonly key: string;
  readonly line: number | undefined;
  readonly status: string;
}

interface Story {
  readonly entries: readonly OutboxEntry[];
  readonly wanted: Wanted | undefined;
}

/** The entries of one device's life and where they lead. */
function storyOf(life: readonly Step[]): Story {
  let current: CreateEntry = makeEntry();
  const entries: OutboxEntry[] = [current];
  const fresh = (): Wanted => ({
    key: current.document.attestation.tpm.endorsementKey,
    line: undefined,
    status: 'enabled',
  });
  let wanted = fresh();
  for (const [line, step] of life.entries()) {
    switch (step) {
      case 'update':
        entries.push(makeChange(current, step, { initialTwin: { tags: { line } } }));
        wanted = { ...wanted, line };
        break;
      case 'replace': {
        const { registrationId, serial } = current;
        entries.push(makeChange(current, 'delete'));
        current = makeEntry({ registrationId, serial });
        entries.push(current);
        wanted = fresh();
        break;
      }
      case 'delete':
        entries.push(makeChange(current, step));
        return { entries, wanted: undefined };
      default: {
        const status = `${step}d` as const;
        entries.push(makeChange(current, step, { provisioningStatus: status }));
        wanted = { ...wanted, status };
      }
    }
  }
  return { entries, wanted };
}

const lives = fc.array(fc.array(fc.constantFrom(...steps), { maxLength: 6 }), {
  minLength: 1,
  maxLength: 14,
});
const script = fc.array(fc.constantFrom(...scriptedFaults.filter(fault => fault !== 'refused-as-whole')), {
  maxLength: 60,
});

it('O3 14 15 brings every device to what was wanted last, in order, under any faults and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(lives, script, async (all, faults) => {
      const stories = all.map(storyOf);
      let store = new MemoryStore(stories.flatMap(({ entries }) => entries));
      const service = new ScriptedService(faults);
      for (let run = 0; run < 80 && store.waiting() > 0; run++) {
        await drainOnce({ store, service, timing: new ManualTiming() }).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
          // What only the process knew is gone with it.
          store = MemoryStore.restored(store.snapshot());
        });
      }
      for (const { entries, wanted } of stories) {
        const record = service.records.get(entries[0]!.registrationId) as
          | { attestation: { tpm: { endorsementKey: string } }; initialTwin?: { tags: { line: number } } }
          | undefined;
        assert.deepEqual(
          record && {
            key: record.attestation.tpm.endorsementKey,
            line: record.initialTwin?.tags.line,
            status: (record as { provisioningStatus?: string }).provisioningStatus,
          },
          wanted,
        );
        for (const { entryId } of entries)
          assert.deepEqual([store.row(entryId).state, store.row(entryId).acknowledgements], ['enrolled', 1]);
      }
    }),
    { numRuns: 300 },
  );
});
