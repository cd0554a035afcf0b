/** Good inputs to damage: transcripts of virtual DUTs and what was found in them, certificates, and files made here. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makeEntry } from '../../src/audit/entry.ts';
import { assembleExport, type ExportFormat } from '../../src/audit/export/assemble-export.ts';
import { stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { parseTranscript, type Transcript } from '../../src/tcti/transcript.ts';

const transcripts = path.join(import.meta.dirname, '../../test/fixtures/transcripts');

export const transcriptTexts: ReadonlyMap<string, string> = new Map(
  readdirSync(transcripts)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
    .map(name => [path.basename(name, '.jsonl'), readFileSync(path.join(transcripts, name), 'utf8')]),
);

export const recordings: ReadonlyMap<string, Transcript> = new Map(
  [...transcriptTexts].map(([name, text]) => [name, parseTranscript(text)]),
);

const responsesTo = (code: number) =>
  [...recordings.values()].flatMap(({ exchanges }) =>
    exchanges.flatMap(exchange =>
      'response' in exchange &&
      Buffer.from(exchange.command).readUInt32BE(6) === code &&
      Buffer.from(exchange.response).readUInt32BE(6) === 0
        ? [Buffer.from(exchange.response)]
        : [],
    ),
  );

/** Whole response frames. */
export const capabilities: readonly Buffer[] = responsesTo(0x17a);
export const responses: readonly Buffer[] = [0x17a, 0x173, 0x131, 0x169, 0x14e, 0x151, 0x176].flatMap(
  responsesTo,
);

const firstSized = (response: Buffer) => response.subarray(10, 12 + response.readUInt16BE(10));
/** TPM2B_PUBLIC and TPM2B_NV_PUBLIC. */
export const publicAreas: readonly Buffer[] = responsesTo(0x173).map(firstSized);
export const nvPublicAreas: readonly Buffer[] = responsesTo(0x169).map(firstSized);

const pem = (name: string) => readFileSync(path.join(import.meta.dirname, 'seeds', `${name}.pem`));
const derOf = (text: Buffer) => Buffer.from(text.toString().replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
/** A path of three: anchor, intermediate, EK certificate. */
export const chain = { root: pem('root'), middle: pem('middle'), ek: derOf(pem('ek')) };
/** With entries, reasons and an issuing distribution point. */
export const revocationList: Buffer = derOf(pem('list'));

const findings: readonly { certificate?: { der?: string } }[] = Object.values(
  JSON.parse(readFileSync(path.join(transcripts, 'findings.json'), 'utf8')),
);
export const certificates: readonly Buffer[] = [
  chain.ek,
  ...findings.flatMap(({ certificate }) =>
    certificate?.der === undefined ? [] : [Buffer.from(certificate.der, 'base64')],
  ),
];

const origin = 'station-1/log-1';
const key = stationKeyFromSecret(`${Buffer.alloc(32, 7).toString('base64')}\n`, origin);
export const { verifierKey } = key;

const exported = (format: ExportFormat): { file: string; checkpoint: string } => {
  const common = {
    origin,
    bootId: 'boot-1',
    monotonicMs: 0,
    clock: 'synced',
    personId: 'p-1',
    rehearsal: false,
  } as const;
  const rows = Array.from({ length: 4 }, (_, index) => {
    const harvestId = `h-${index}`;
    const { bytes, leafHash } = makeEntry({
      ...common,
      index,
      at: Date.UTC(2026, 10, 20) + index,
      ...(index === 0
        ? {
            type: 'log-started',
            data: { stationId: 'station-1', logId: 'log-1', verifierKey, version: '0.1.0' },
          }
        : {
            type: 'enrollment',
            data: {
              entryId: `e-${index}`,
              registrationId: `r-${index}`,
              harvestId,
              change: 'enrolled',
              how: 'acknowledged',
            },
          }),
    });
    return { entry: bytes, leaf_hash: leafHash };
  });
  const parts = assembleExport(
    { origin, rehearsal: false, size: rows.length, entries: rows, checkpoints: [] },
    { format, selection: {}, madeAt: Date.UTC(2026, 10, 21), keyline: '0.1.0', key },
  );
  const chunks: Buffer[] = [];
  for (;;) {
    const next = parts.next();
    if (next.done) return { file: Buffer.concat(chunks).toString(), checkpoint: next.value.checkpoint };
    chunks.push(next.value);
  }
};
const asJsonl = exported('jsonl');
export const auditExports: readonly string[] = [asJsonl.file, exported('csv').file, exported('json').file];
export const signedNotes: readonly string[] = [asJsonl.checkpoint];

export const keyTexts: readonly string[] = publicAreas.map(area => area.toString('base64'));
const keyText = keyTexts[0]!;
export const imports: readonly string[] = [
  `serial,registrationId,endorsementKey\nSN-1,,${keyText}\nSN-2,reg-2,${keyText}\n`,
  `registrationId, endorsementKey, serial\n"reg-1", "${keyText}", "SN-1"\n`,
  auditExports[1]!,
  JSON.stringify([
    { registrationId: 'reg-1', attestation: { type: 'tpm', tpm: { endorsementKey: keyText } } },
    { serial: 'SN-2', attestation: { type: 'tpm', tpm: { endorsementKey: keyText } } },
  ]),
  `sep=;\r\nEK_Pub;"S/N"\r\n"${keyText}";"SN;1"\r\n`,
  `{"SN":"SN-1","ek":"${keyText}"}\n{"SN":2,"ek":"${keyText}"}\n`,
  `{"mode":"create","enrollments":[{"attestation":{"type":"tpm","tpm":{"endorsementKey":"${keyText}"}}}]}`,
  `Registration Id:\r\nreg-1\r\n\r\nEndorsement Key:\r\n${keyText}\r\n`,
];
export const serials: readonly string[] = [
  'SN-0001',
  ' 한글-7\r\n',
  '2026/11/AB-12',
  'é́',
  '(01)09501101530003(21)X',
];
export const confs: readonly string[] = [
  'device:/dev/tpmrm0',
  'swtpm:host=127.0.0.1,port=2321',
  'swtpm:path=/run/tpm.sock',
  'mssim:host=fe80::1%eth0,port=2321',
  'cmd:ssh dut tpm2_send',
  'replay:some.jsonl',
  'ssh:root@dut:22',
];
export const connectionStrings: readonly string[] = [
  `HostName=plant.azure-devices-provisioning.net;SharedAccessKeyName=owner;SharedAccessKey=${Buffer.alloc(32, 3).toString('base64')}`,
];
const enrollment = {
  registrationId: 'reg-1',
  etag: '"1"',
  attestation: { type: 'tpm', tpm: { endorsementKey: keyText } },
  optionalDeviceInformation: { serial: 'SN-1', stationId: 'station-1', harvestId: 'h-1' },
  initialTwin: { tags: { serial: 'SN-1' } },
};
export const dpsAnswers: readonly string[] = [
  JSON.stringify(enrollment),
  JSON.stringify([enrollment]),
  JSON.stringify({
    isSuccessful: false,
    errors: [{ registrationId: 'reg-1', errorCode: 409201, errorStatus: 'x' }],
  }),
  JSON.stringify({ errorCode: 429001, trackingId: 't', message: 'Too many' }),
  JSON.stringify({ Message: 'ErrorCode:Throttled;x', ExceptionMessage: 'Tracking ID:abc-1' }),
];
export const configurations: readonly string[] = [
  JSON.stringify({
    products: [{ name: 'default', serialPattern: '^SN-[0-9]+$', certificate: 'warn' }],
    fixtures: [{ id: 'F1', bridge: 'device:/dev/tpmrm0' }],
  }),
];
