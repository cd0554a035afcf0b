/** The endorsement key that was read, judged by rules H2 (strict) and H9 (fit for DPS, and the one that will be presented). */
import { hash } from 'node:crypto';
import { deriveRegistrationId } from '../enrollment/registration-id.ts';
import { checkEkFit } from '../tpm/ek-fit.ts';
import { recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { type PublicArea, parsePublic, type RsaPublicArea } from '../tpm/structures.ts';
import type { EndorsementKeyFinding, WarningCode } from './finding.ts';
import type { DeviceKeyChoice, RawEndorsementKey } from './read-endorsement-key.ts';
import { Refusal } from './refusal.ts';

/** Rule H2. */
export function parseOrRefuse(tpm2bPublic: Uint8Array): PublicArea {
  try {
    return parsePublic(tpm2bPublic);
  } catch (error) {
    if (error instanceof TpmError) throw new Refusal('ek-malformed', error.message);
    throw error;
  }
}

export function keyFinding(
  { tpm2bPublic, source, madeFrom }: RawEndorsementKey,
  area: PublicArea,
): EndorsementKeyFinding {
  return {
    endorsementKey: Buffer.from(tpm2bPublic).toString('base64'),
    ekSha256: hash('sha256', tpm2bPublic),
    registrationId: deriveRegistrationId(tpm2bPublic),
    ekTemplate: madeFrom === 'sdk-empty-unique' ? madeFrom : recogniseEkTemplate(area),
    source,
  };
}

/** Rule H9. */
export function fitOrRefuse(area: PublicArea, key: EndorsementKeyFinding): RsaPublicArea {
  const fit = checkEkFit(area);
  if (fit.fit && area.type === 'rsa') return area;
  const reasons = fit.fit ? [] : fit.reasons;
  const made =
    key.ekTemplate === 'sdk-empty-unique' ? "the key of Microsoft's SDKs" : 'the key of template L-1';
  const where = key.source === 'persisted' ? 'the key at 0x81010001' : made;
  throw new Refusal('ek-unfit', `${where} is not fit for DPS: ${reasons.join('; ')}`);
}

/** Rule H9: what an engineer must know where the device's software may present another key than the one enrolled. */
export function warnOfKey(
  raw: RawEndorsementKey,
  choice: DeviceKeyChoice | undefined,
  warnings: Set<WarningCode>,
): void {
  if (raw.besidesPersisted) warnings.add('sdk-presents-other-key');
  else if (raw.source === 'created' && choice === undefined) warnings.add('ek-not-persisted');
}
