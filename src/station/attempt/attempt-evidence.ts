/** The audit entry of an attempt (rules A1, H4). Says what was found and by which kind of bridge; never a name or an address. */
import type { HarvestData } from '../../audit/entry-data.ts';
import type { DutSerialFinding } from '../../harvest/finding.ts';
import type { StationCore } from '../open-core.ts';
import type { Attempt } from './attempt.ts';
import type { Judged } from './judge-attempt.ts';

/** Call inside the transaction that records the attempt. @returns the index of the entry */
export function appendEvidence(
  core: StationCore,
  attempt: Attempt,
  judged: Judged,
  personId: string,
): number {
  const { finding } = attempt;
  const evidence = 'key' in finding ? finding.key : undefined;
  const common = {
    harvestId: attempt.harvestId,
    serial: attempt.serial,
    product: attempt.product.name,
    workOrder: attempt.workOrder,
    verdict: judged.verdict,
    code: judged.code,
    ...(judged.detail === undefined ? {} : { detail: judged.detail }),
    ...(judged.otherSerial === undefined ? {} : { otherSerial: judged.otherSerial }),
    ...(judged.registrationId === undefined ? {} : { registrationId: judged.registrationId }),
    ...(evidence
      ? {
          endorsementKey: evidence.endorsementKey,
          ekSha256: evidence.ekSha256,
          ekTemplate: evidence.ekTemplate,
        }
      : {}),
    warnings: [...finding.warnings],
  };
  if (finding.outcome === 'imported')
    return core.audit.append(core.identity, personId, {
      type: 'import',
      data: { ...common, possession: 'not-tested', ...(finding.source && { source: finding.source }) },
    });
  const certificate = 'certificate' in finding ? finding.certificate : undefined;
  const tpm = 'tpm' in finding ? finding.tpm : undefined;
  return core.audit.append(core.identity, personId, {
    type: 'harvest',
    data: {
      ...common,
      possession: 'possession' in finding ? finding.possession : 'not-tested',
      fixture: attempt.fixture,
      bridge: attempt.bridge,
      ...(attempt.statedOperator === null ? {} : { statedOperator: true }),
      ...('dutSerial' in finding && finding.dutSerial
        ? { dutSerial: { status: finding.dutSerial.status, ...serialOf(finding.dutSerial) } }
        : {}),
      ...passwordOf(attempt),
      ...(tpm ? { tpm } : {}),
      ...(certificate
        ? {
            certificate: {
              status: certificate.status,
              ...(certificate.sha256 === undefined ? {} : { sha256: certificate.sha256 }),
              ...(certificate.rule === undefined ? {} : { rule: certificate.rule }),
              ...(certificate.anchor === undefined ? {} : { anchor: certificate.anchor.sha256 }),
              ...(certificate.chain === undefined ? {} : { chain: certificate.chain }),
            },
          }
        : {}),
      ...('responseCode' in finding && finding.responseCode !== undefined
        ? { responseCode: finding.responseCode }
        : {}),
      durationMs: attempt.durationMs,
    },
  });
}

/** Only where it was sent. */
function passwordOf({ finding, passwordBy }: Attempt): Pick<HarvestData, 'hierarchyPassword'> {
  const use = 'hierarchyPassword' in finding ? finding.hierarchyPassword : undefined;
  return use && passwordBy ? { hierarchyPassword: { use, personId: passwordBy } } : {};
}

function serialOf({ serial }: DutSerialFinding): { readonly serial?: string } {
  return serial === undefined ? {} : { serial };
}
