/** Audit entries of passed harvests, of their usual size, one every two seconds. */
import { createHash, randomUUID } from 'node:crypto';
import { makeEntry } from '../../src/audit/entry.ts';

const begun = Date.UTC(2026, 0, 1);

export function entryOf(
  origin: string,
  index: number,
): { readonly entry: Buffer; readonly leaf_hash: Buffer } {
  const sha256 = createHash('sha256').update(`ek ${index}`).digest();
  const { bytes, leafHash: leaf } = makeEntry({
    origin,
    index,
    at: begun + index * 2000,
    bootId: 'boot-1',
    monotonicMs: index * 2000,
    clock: 'synced',
    personId: 'person-1',
    rehearsal: true,
    type: 'harvest',
    data: {
      harvestId: randomUUID(),
      serial: `KL26-${String(index).padStart(8, '0')}`,
      product: 'default',
      workOrder: `WO-${Math.floor(index / 500)}`,
      verdict: 'passed',
      code: 'passed',
      registrationId: sha256.toString('hex'),
      endorsementKey: Buffer.alloc(316, sha256).toString('base64'),
      ekSha256: sha256.toString('hex'),
      ekTemplate: 'L-1',
      warnings: ['certificate-unchecked'],
      possession: 'proved',
      fixture: 'F1',
      bridge: 'device',
      durationMs: 850,
    },
  });
  return { entry: bytes, leaf_hash: leaf };
}
