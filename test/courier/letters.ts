/** Letters for tests without a station: a key, a log of one harvest for each entry, and a bundle or a receipt over them. */
import { createHash, randomUUID } from 'node:crypto';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { leafHash, MerkleTree } from '../../src/audit/merkle.ts';
import { signNote } from '../../src/audit/signed-note.ts';
import { generateStationKey, type StationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { type BundleEntry, entryLine } from '../../src/courier/bundle-entry.ts';
import { canonicalLine } from '../../src/courier/canonical-json.ts';
import { type SealedLetter, sealLetter } from '../../src/courier/letter.ts';
import type { BundleManifest } from '../../src/courier/manifest.ts';
import { deriveRegistrationId } from '../../src/enrollment/registration-id.ts';
import { endorsementKey, keyDigest } from '../station/attempt/endorsement-keys.ts';

export const origin = 'station-aa/log-1';
export const key: StationKey = stationKeyFromSecret(generateStationKey(), origin);

/** Of the harvest with this number. */
export function entry(number: number, change: Partial<BundleEntry> = {}): BundleEntry {
  const registrationId = deriveRegistrationId(endorsementKey(number));
  const serial = `SN-${number}`;
  const harvestId = `harvest-${number}`;
  const logged = `{"data":{"ekSha256":"${keyDigest(number)}","harvestId":"${harvestId}"},"index":0}`;
  return {
    entryId: randomUUID(),
    operation: 'create',
    harvestId,
    serial,
    product: 'default',
    workOrder: null,
    ekTemplate: 'L-1',
    document: {
      registrationId,
      attestation: { type: 'tpm', tpm: { endorsementKey: endorsementKey(number).toString('base64') } },
      optionalDeviceInformation: { serial, stationId: 'station-aa', harvestId },
      provisioningStatus: 'enabled',
    },
    // A log of this one entry: the proof is empty.
    evidence: { index: 0, entry: logged, proof: [] },
    ...change,
  };
}

export function checkpointOver(one: BundleEntry, signer: StationKey = key): string {
  const tree = new MerkleTree();
  tree.append(leafHash(Buffer.from(one.evidence!.entry)));
  return signCheckpoint(signer, { origin: signer.name, size: 1, rootHash: tree.root() });
}

export function bundleOf(
  entries: readonly BundleEntry[],
  change: Partial<BundleManifest> = {},
  signer: StationKey = key,
): SealedLetter & { readonly id: string } {
  const bundleId = change.bundleId ?? randomUUID();
  const letter = sealLetter(
    'bundle',
    {
      v: 1,
      keyline: '1.0.0',
      origin,
      bundleId,
      sequence: 1,
      target: { host: 'plant.example', idScope: null },
      madeAt: '2026-11-20T12:00:00.000Z',
      validUntil: '2026-12-20T12:00:00.000Z',
      clock: 'synced',
      rehearsal: true,
      checkpoint: checkpointOver(entries[0]!, signer),
      verifierKey: signer.verifierKey,
      rotations: [],
      ...change,
    },
    entries.map(entryLine),
    signer,
  );
  return { ...letter, id: bundleId };
}

/** Signed well, with one line that is longer than any may be. */
export function overlongBundle(
  letter: SealedLetter & { readonly id: string },
  characters: number,
): SealedLetter & { readonly id: string } {
  const text = letter.bytes.toString('utf8');
  const manifest = JSON.parse(text.split('\n')[1]!) as Record<string, unknown>;
  const body = Buffer.from(`{"a":"${'x'.repeat(characters)}"}\n`);
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  const signed = canonicalLine({ ...manifest, entries: 1, bodyBytes: body.length, bodySha256 });
  const bytes = Buffer.concat([Buffer.from(signNote(`keyline courier bundle 1\n${signed}\n`, key)), body]);
  return { ...letter, bytes };
}
