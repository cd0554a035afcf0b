/**
 * `node test/harvest/record-transcripts.ts [NAME…]`: records a harvest of every variant of a virtual DUT, or of those named, into
 * test/fixtures/transcripts, and what each of them found into `findings.json`. Needs swtpm, swtpm-tools and tpm2-tools. Run it when a harvest asks
 * something new (then replays end in `bridge-not-recorded`) or a finding changes, and look at the difference.
 */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../src/harvest/finding.ts';
import { withTranscript } from '../../src/station/attempt/record-transcript.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { HierarchyPassword } from '../../src/tpm/hierarchy-password.ts';
import { parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import { publishedKey } from '../tpm/endorsement-keys.ts';
import { makeCertificate, rsaSpki } from '../tpm/make-certificate.ts';
import { harvestAt } from './harvest-at.ts';
import { lockOut, persistOtherKey, storeInNv, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const folder = join(import.meta.dirname, '../fixtures/transcripts');
const shelf = new DutShelf();

async function otherCertificate(): Promise<VirtualDut> {
  const dut = await shelf.take('blank');
  const area = parsePublic(Buffer.from(publishedKey.endorsementKey, 'base64')) as RsaPublicArea;
  await storeInNv(dut, '0x1c00002', await makeCertificate(rsaSpki(area)));
  return dut;
}

async function changed(dut: VirtualDut, change: (dut: VirtualDut) => Promise<unknown>): Promise<VirtualDut> {
  await change(dut);
  return dut;
}

const setPassword = (dut: VirtualDut) => tpm2(dut.bridge, 'changeauth', '-c', 'e', 'secret');

const variants: Readonly<Record<string, () => Promise<VirtualDut>>> = {
  certified: () => shelf.take('certified'),
  unpersisted: () => shelf.take('unpersisted'),
  'blank-persisted': () => shelf.take('blank-persisted'),
  blank: () => shelf.take('blank'),
  'not-started': () => shelf.take('certified', 'none'),
  'endorsement-password': async () => changed(await shelf.take('certified'), setPassword),
  'endorsement-password-unpersisted': async () => changed(await shelf.take('unpersisted'), setPassword),
  'other-key': async () =>
    changed(await shelf.take('blank'), dut =>
      persistOtherKey(dut.bridge, 'rsa2048', join(dut.folder, 'srk.ctx')),
    ),
  'other-certificate': otherCertificate,
  'damaged-certificate': async () =>
    changed(await shelf.take('blank'), dut => storeInNv(dut, '0x1c00002', Buffer.from('no certificate'))),
  'password-given': async () => changed(await shelf.take('certified'), setPassword),
  'password-given-unpersisted': async () => changed(await shelf.take('unpersisted'), setPassword),
  'password-refused': async () => changed(await shelf.take('unpersisted'), setPassword),
  'locked-out': async () => changed(await shelf.take('unpersisted'), dut => lockOut(dut.bridge)),
};

/** Of the endorsement hierarchy, as a supervisor gives it. */
const passwords: Readonly<Record<string, string>> = {
  'password-given': 'secret',
  'password-given-unpersisted': 'secret',
  'password-refused': 'wrong',
};

await mkdir(folder, { recursive: true });
const asked = process.argv.slice(2);
const known: Record<string, Finding> = JSON.parse(await readFile(join(folder, 'findings.json'), 'utf8'));
const findings: Record<string, Finding> = asked.length === 0 ? {} : known;
try {
  for (const [name, make] of Object.entries(variants)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const hierarchyPassword = HierarchyPassword.of(passwords[name] ?? '');
    const wanted = { file: join(folder, `${name}.jsonl`), withPassword: hierarchyPassword !== undefined };
    const { bridge } = await make();
    await rm(wanted.file, { force: true });
    const { result } = await withTranscript(wanted, parseTctiConf(bridge), open =>
      harvestAt(bridge, { open, hierarchyPassword }),
    );
    await chmod(wanted.file, 0o644);
    findings[name] = result;
    console.log(
      `${name}: ${'code' in result ? result.code : result.outcome}, possession ${result.possession}`,
    );
    await shelf.powerOff();
  }
  await writeFile(join(folder, 'findings.json'), `${JSON.stringify(findings, null, 2)}\n`);
} finally {
  await shelf.clear();
}
