/** Every parser of untrusted input, with the ways in which it may refuse. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseCheckpoint } from '../../src/audit/checkpoint.ts';
import { openNote, parseVerifierKey } from '../../src/audit/signed-note.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { ImportFormError, readImport } from '../../src/batch/read-import.ts';
import { readBulkAnswer, readEnrollment, readPage } from '../../src/dps/answers.ts';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import { DpsError } from '../../src/dps/errors.ts';
import { readRetryAfter, refusalError } from '../../src/dps/refusal.ts';
import { readEndorsementKey } from '../../src/enrollment/endorsement-key-forms.ts';
import { parseEndorsementKeyText } from '../../src/enrollment/endorsement-key-text.ts';
import { checkSerial } from '../../src/enrollment/serial.ts';
import { recognise } from '../../src/outbox/recognise.ts';
import { loadConfiguration } from '../../src/station/configuration/load-configuration.ts';
import { StationError } from '../../src/station/errors.ts';
import { TctiError } from '../../src/tcti/errors.ts';
import { FrameReader } from '../../src/tcti/frame.ts';
import { replay } from '../../src/tcti/replay-tcti.ts';
import { describeTctiConf, parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { parseTranscript } from '../../src/tcti/transcript.ts';
import { judgeEkCertificate } from '../../src/tpm/ek-certificate.ts';
import { checkEkFit } from '../../src/tpm/ek-fit.ts';
import { recogniseEkTemplate } from '../../src/tpm/ek-templates.ts';
import { TpmError } from '../../src/tpm/errors.ts';
import { getAlgorithms, getHandles, getLoadedSessions, getProperties } from '../../src/tpm/get-capability.ts';
import { makeCredential } from '../../src/tpm/make-credential.ts';
import { nameOf } from '../../src/tpm/object-name.ts';
import { decodeResponseCode, formatResponseCode } from '../../src/tpm/response-code.ts';
import { parseNvPublic, parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import { readTpmIdentity } from '../../src/tpm/tpm-identity.ts';
import { CertificateMalformed } from '../../src/trust/asn1-values.ts';
import { judgeChain } from '../../src/trust/judge-chain.ts';
import { parseRevocationList } from '../../src/trust/parse-revocation-list.ts';
import { brokenByForm } from '../../src/trust/revocation-rules.ts';
import { readTpmAttributes } from '../../src/trust/tpm-attributes.ts';
import { readTrustStore } from '../../src/trust/trust-folder.ts';
import { endsIn, type Kind, promise } from './fuzz-case.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import * as seeds from './seeds.ts';

/** A folder for what is read from files; gone with the process. */
const folder = mkdtempSync(path.join(tmpdir(), 'keyline-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const noon = Date.UTC(2026, 10, 21, 12);
/** The forms that TPM makers and tools give a key, of one key. */
const keyForms = seeds.publicAreas.flatMap(area => {
  const [bytes, modulus] = [Buffer.from(area), Buffer.from(area).subarray(-256)];
  return [bytes.toString('hex'), bytes.subarray(2).toString('base64'), `Modulus=${modulus.toString('hex')}`];
});
const ekArea = parsePublic(seeds.publicAreas[0]!) as RsaPublicArea;

function inFile(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const bytesKind = (good: readonly Uint8Array[], run: (input: Buffer) => void | Promise<void>): Kind => ({
  weight: 20,
  make: random => mutateBytes(random, random.pick(good), good),
  run,
});
const textKind = (good: readonly string[], run: (text: string) => void | Promise<void>): Kind => ({
  weight: 20,
  // JSON keeps what UTF-8 would lose: lone halves of surrogate pairs.
  make: random => Buffer.from(JSON.stringify(mutateText(random, random.pick(good), good))),
  run: input => run(JSON.parse(input.toString())),
});

/** The bytes themselves say how they are cut, so that the input is the whole case. */
function readInFragments(input: Buffer): void {
  const reader = new FrameReader();
  for (let at = 0; at < input.length; ) {
    const step = 1 + ((input[at] ?? 0) % 97);
    const frame = reader.push(input.subarray(at, at + step));
    promise(frame === undefined || (frame.length >= 10 && frame.length <= 4096), 'a frame of a wrong size');
    at += step;
  }
}

async function askCapabilities(response: Buffer): Promise<void> {
  let asked = 0;
  const transmit = async () => {
    asked += 1;
    promise(asked <= 1_000, 'a TPM that says "more" is asked for ever');
    return new Uint8Array(response);
  };
  const tcti = { name: 'device', resourceManaged: false, transmit, close: async () => {} } as const;
  const timed = () => ({
    tcti,
    commandMs: 5,
    createPrimaryMs: 5,
    endsAt: performance.now() + 100,
  });
  const asks = [
    async () => readTpmIdentity(await getProperties(timed(), 0x100)),
    () => getHandles(timed(), 0x01000000),
    () => getLoadedSessions(timed()),
    () => getAlgorithms(timed()),
  ];
  for (const ask of asks) {
    asked = 0;
    await endsIn([TpmError, TctiError], ask);
  }
}

function judgePublic(input: Buffer): void {
  const area = parsePublic(input);
  recogniseEkTemplate(area);
  const fit = checkEkFit(area);
  promise(fit.fit || fit.reasons.length > 0, 'unfit without a reason');
  const name = nameOf(input);
  if (area.type !== 'other' && name) makeCredential(area, name, new Uint8Array(16));
}

function readDpsAnswer(text: string): Promise<void> {
  const ours = {
    serial: 'SN-1',
    stationId: 'station-1',
    harvestId: 'h-1',
    document: JSON.parse(seeds.dpsAnswers[0]!),
  };
  refusalError({ status: 429, headers: { 'retry-after': text, date: text }, body: text }, noon);
  readRetryAfter(text, undefined, noon);
  return endsIn([DpsError], async () => {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return;
    }
    await endsIn([DpsError], () => readBulkAnswer(body));
    await endsIn([DpsError], () => readPage(body));
    recognise(ours, readEnrollment(body, 'reg-1'));
  });
}

export const parserKinds: Readonly<Record<string, Kind>> = {
  frame: bytesKind(seeds.responses, input => endsIn([TctiError], () => readInFragments(input))),
  'public area': bytesKind(seeds.publicAreas, input => endsIn([TpmError], () => judgePublic(input))),
  'NV public': bytesKind(seeds.nvPublicAreas, input => endsIn([TpmError], () => parseNvPublic(input))),
  capability: bytesKind(seeds.capabilities, askCapabilities),
  'response code': {
    weight: 5,
    make: random =>
      Buffer.from(Uint32Array.of(random.onceIn(2) ? random.below(0x1000) : random.u32()).buffer),
    run: input =>
      promise(
        formatResponseCode(decodeResponseCode(input.readUInt32LE())) !== '',
        'a response code without words',
      ),
  },
  certificate: bytesKind(seeds.certificates, input => {
    promise(judgeEkCertificate(input, ekArea).status !== undefined, 'a certificate without a status');
    readTpmAttributes(input);
  }),
  'trust chain': bytesKind([seeds.chain.ek], input => {
    const judged = judgeChain(input, goodStore(), noon);
    promise(judged.status === 'verified' || judged.detail !== '', 'an untrusted chain without a reason');
  }),
  'revocation list': bytesKind([seeds.revocationList], input =>
    endsIn([CertificateMalformed], () => {
      const list = parseRevocationList(input);
      promise(brokenByForm(list)?.detail !== '', 'a list refused without a reason');
      const { revoked } = list;
      promise(Number.isFinite(revoked.get(Buffer.of(1))?.revokedAt ?? 0), 'an entry without a date');
      promise(revoked.serialsSha256.length === 64, 'entries without a hash');
    }),
  ),
  'trust store': bytesKind([seeds.chain.root, seeds.chain.middle], input => {
    const store = storeWith(input);
    promise(judgeChain(seeds.chain.ek, store, noon).status !== undefined, 'a chain without a status');
    promise(
      store.setAside.every(({ hint }) => hint !== ''),
      'a file set aside without a hint',
    );
  }),
  'endorsement key text': textKind(seeds.keyTexts, text => {
    const read = parseEndorsementKeyText(text);
    promise(read.ok || read.detail !== '', 'a key refused without a reason');
  }),
  'endorsement key form': textKind(keyForms, text => {
    const read = readEndorsementKey(text);
    promise(read.ok ? read.bytes.length === 316 : read.detail !== '', 'a key of no form without a reason');
  }),
  serial: textKind(seeds.serials, text => {
    for (const product of [{}, { serialPattern: '^(A|A)*B?[0-9/-]+$' }]) {
      const checked = checkSerial(text, product);
      promise(
        checked.ok ? checked.serial.length <= 512 : checked.detail !== '',
        'a serial without an answer',
      );
    }
  }),
  'conf string': textKind(seeds.confs, text =>
    endsIn([TctiError], () => {
      const conf = parseTctiConf(text);
      if (conf.name !== 'cmd') {
        promise(
          describeTctiConf(parseTctiConf(describeTctiConf(conf))) === describeTctiConf(conf),
          'no canonical form',
        );
      }
    }),
  ),
  import: textKind(seeds.imports, text =>
    endsIn([ImportFormError], async () => {
      for await (const item of readImport(inFile('import', text)))
        promise(item.kind !== 'bad' || item.detail !== '', 'a bad row without a reason');
    }),
  ),
  'audit export': textKind(seeds.auditExports, async text => {
    const verdict = await verifyExport(inFile('export', text));
    promise(verdict.ok === true || verdict.problem !== undefined, 'an export without a verdict');
    promise(!verdict.ok || seeds.auditExports.includes(text), 'a changed export is verified');
  }),
  'signed note': textKind(seeds.signedNotes, text => {
    const opened = openNote(text, parseVerifierKey(seeds.verifierKey)!);
    promise(
      !opened.ok || seeds.signedNotes.some(note => note.startsWith(opened.text)),
      'a changed note is signed',
    );
    parseCheckpoint(text);
    parseVerifierKey(text);
  }),
  'DPS answer': textKind(seeds.dpsAnswers, readDpsAnswer),
  'connection string': textKind(seeds.connectionStrings, text =>
    endsIn([DpsError], () => parseConnectionString(text)),
  ),
  configuration: textKind(seeds.configurations, text =>
    endsIn([StationError], () => loadConfiguration(inFile('keyline.json', text))),
  ),
  transcript: textKind([...seeds.transcriptTexts.values()], text =>
    endsIn([TctiError], async () => {
      const transcript = parseTranscript(text);
      const tcti = replay(transcript);
      for (const { command } of transcript.exchanges) await tcti.transmit(command, { deadlineMs: 1_000 });
    }),
  ),
};

function storeWith(middle: Uint8Array) {
  const place = path.join(folder, 'trust');
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'root.pem'), seeds.chain.root);
  writeFileSync(path.join(place, 'middle.pem'), middle);
  return readTrustStore(place);
}

let good: ReturnType<typeof readTrustStore> | undefined;
function goodStore() {
  good ??= storeWith(seeds.chain.middle);
  return good;
}
