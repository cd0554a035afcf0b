/** Settings as a station has them, for the page alone: a line of four with everything set once; it finds the faults that tests make. */
import type {
  ConfigurationChange,
  ConfigurationFault,
  DpsKeyView,
  Settings,
  SettingsCheck,
  SettingsView,
  TrustView,
} from '../../../src/api/contract.ts';

interface Sent {
  readonly settings: Settings;
  readonly revision: string | null;
}

const first: Settings = {
  station: {
    name: 'Station 07',
    line: 'Line 3',
    badgePrefix: 'B-',
    lockMinutes: 15,
    shifts: ['06:00', '14:00', '22:00'],
    goldenCheck: { units: [{ serial: 'GX2-900001' }], everyHours: 8 },
  },
  fixtures: [
    { id: '1', name: 'F-01', bridge: 'device:/dev/tpmrm0' },
    { id: '2', name: 'F-02', bridge: 'ssh:line@10.0.0.21', handsFree: 'scanned' },
    { id: '3', name: 'F-03', bridge: 'swtpm:host=127.0.0.1,port=2321' },
    { id: '4', bridge: 'cmd:…' },
  ],
  products: [
    {
      name: 'Gateway GX-2',
      serialPattern: 'GX2-\\d{6}',
      checkDigit: 'luhn',
      certificate: 'require',
      targetPerHour: 45,
      initialTwin: { tags: { line: '3' } },
      dutSerial: { command: '…' },
      allocationPolicy: 'static',
      iotHubs: ['plant-01.azure-devices.net'],
    },
    { name: 'Gateway GX-3', registrationId: 'gx3-{serial}' },
  ],
  currentProduct: 'Gateway GX-2',
  dps: { idScope: '0ne00A1B2C3' },
  audit: {
    exportFolders: [
      { name: 'Auditor’s stick', path: '/media/audit' },
      { name: 'Plant share', path: '/mnt/plant/keyline' },
    ],
  },
  backup: { folder: '/mnt/plant/keyline' },
};

const trusted = (subject: string, file: string, years: number, isAnchor: boolean) => ({
  subject,
  file,
  sha256: file.padEnd(64, '0'),
  notAfter: Date.UTC(2026 + years, 4, 17),
  isAnchor,
});

export function fakeSettings() {
  let settings = first;
  let turns = 0;
  let key: DpsKeyView = {
    host: 'plant.azure-devices-provisioning.net',
    kind: 'connection-string',
    identity: 'station-07',
    idScope: '0ne00A1B2C3',
    source: 'store',
    store: 'key files in the data directory (mode 0600)',
  };
  let trust: TrustView = {
    folder: '/var/lib/keyline/trust',
    certificates: [
      trusted(
        'CN=Infineon OPTIGA(TM) RSA Root CA 2, O=Infineon Technologies AG, C=DE',
        'infineon-root-2.crt',
        12,
        true,
      ),
      trusted(
        'CN=Infineon OPTIGA(TM) TPM 2.0 RSA CA 042, O=Infineon Technologies AG, C=DE',
        'infineon-042.crt',
        3,
        false,
      ),
      trusted('CN=Nuvoton TPM Root CA 2111, O=Nuvoton Technology Corporation, C=TW', 'nuvoton.pem', -1, true),
    ],
    lists: [
      {
        file: 'infineon-042.crl',
        issuer: 'CN=Infineon OPTIGA(TM) TPM 2.0 RSA CA 042, O=Infineon Technologies AG, C=DE',
        sha256: 'e'.repeat(64),
        revoked: 2,
        nextUpdate: Date.UTC(2030, 0, 31),
      },
    ],
    setAside: [{ file: 'readme.txt', code: 'no-certificate', detail: 'neither PEM nor DER' }],
  };
  const revision = () => String(turns).padStart(64, 'a');
  const view = (): SettingsView => ({ revision: revision(), settings, faults: [], dpsKey: key });
  const check = ({ settings: sent, revision: seen }: Sent): SettingsCheck => ({
    faults: faultsOf(sent),
    changes: changesOf(settings, sent),
    isOutdated: seen !== revision(),
  });
  return {
    /** As if somebody imported a configuration meanwhile. */
    meanwhile: () => {
      turns += 1;
    },
    readSettings: () => ({ ok: true, view: view() }) as const,
    checkSettings: (sent: Sent) => ({ ok: true, check: check(sent) }) as const,
    saveSettings: (sent: Sent) => {
      const { changes, isOutdated } = check(sent);
      if (isOutdated) return { ok: false, code: 'configuration-changed', detail: '' } as const;
      const from = revision();
      settings = sent.settings;
      turns += 1;
      return { ok: true, saved: { from, to: revision(), changes } } as const;
    },
    testFixture: ({ fixture }: { fixture: string }) =>
      ({
        ok: true,
        test:
          fixture === '2'
            ? { found: false, code: 'bridge-unreachable', detail: '10.0.0.21 port 22: EHOSTUNREACH', ms: 312 }
            : {
                found: true,
                ms: 84,
                tpm: {
                  manufacturer: 'Infineon',
                  vendor: 'SLB9672',
                  firmware: '15.23.16842.0',
                  isSimulator: fixture === '3',
                  keys: [{ handle: '0x81010001', template: 'L-1' }],
                  certificates: 2,
                  fit: fixture !== '4',
                  reasons: fixture === '4' ? ['the key at 0x81010001: it is no RSA key'] : [],
                },
              },
      }) as const,
    testDps: () =>
      ({
        ok: true,
        test: {
          host: key.host,
          identity: key.identity,
          ms: 241,
          checks: [
            { check: 'key', state: 'good' },
            { check: 'reach', state: 'good', detail: 'proxy.plant.example:3128' },
            { check: 'read', state: 'good' },
            { check: 'write', state: 'bad', code: 'forbidden', detail: '403 (EnrollmentWrite)' },
            { check: 'clock', state: 'good' },
            { check: 'scope', state: 'notice' },
          ],
        },
      }) as const,
    previewProduct: ({
      settings: sent,
      serial,
      product,
    }: {
      settings: Settings;
      serial: string;
      product: string;
    }) => {
      if (!/^GX\d-\d+$/.test(serial))
        return {
          ok: true,
          preview: { serial: { ok: false, code: 'serial-pattern', detail: 'the serial does not fit' } },
        } as const;
      const registrationId = product.endsWith('3') ? `gx3-${serial.toLowerCase()}` : 'c6tm'.repeat(13);
      const document = {
        registrationId,
        attestation: { type: 'tpm', tpm: { endorsementKey: 'AToAAQAL…' } },
        optionalDeviceInformation: { serial, stationId: 'station-4f2a91' },
        ...templateOf(sent, product),
        provisioningStatus: 'enabled',
      };
      return {
        ok: true,
        preview: { serial: { ok: true, serial }, document: JSON.stringify(document, null, 2) },
      } as const;
    },
    setDpsKey: ({ secret }: { secret: string }) => {
      if (!secret.startsWith('HostName='))
        return { ok: false, code: 'connection-string-invalid', detail: 'HostName is missing' } as const;
      key = { ...key, identity: 'station-07-new' };
      return { ok: true, key } as const;
    },
    forgetDpsKey: () => {
      key = { ...key, identity: null, source: null, kind: null };
      return { ok: true } as const;
    },
    readTrust: () => ({ ok: true, trust }) as const,
    addTrusted: ({ name }: { name: string }) => {
      if (name.endsWith('.txt'))
        return { ok: false, code: 'no-certificate', detail: 'neither PEM nor DER' } as const;
      trust = { ...trust, certificates: [...trust.certificates, trusted(`CN=${name}`, name, 9, true)] };
      return { ok: true, trust } as const;
    },
    removeTrusted: ({ file }: { file: string }) => {
      trust = {
        ...trust,
        certificates: trust.certificates.filter(each => each.file !== file),
        lists: trust.lists.filter(each => each.file !== file),
        setAside: trust.setAside.filter(each => each.file !== file),
      };
      return { ok: true, trust } as const;
    },
  };
}

function templateOf(sent: Settings, name: string): object {
  const products = sent.products as Readonly<Record<string, unknown>>[];
  const { initialTwin, capabilities, reprovisionPolicy, allocationPolicy, iotHubs } =
    products.find(product => product.name === name) ?? {};
  return { initialTwin, capabilities, reprovisionPolicy, allocationPolicy, iotHubs };
}

function faultsOf(sent: Settings): ConfigurationFault[] {
  const { station, products, fixtures } = sent as {
    station?: { name?: string; shifts?: string[]; goldenCheck?: { units: { serial?: string }[] } };
    products?: { serialPattern?: string; initialTwin?: { tags?: unknown } }[];
    fixtures?: { bridge: string }[];
  };
  const found: ConfigurationFault[] = [];
  if (station?.name === '')
    found.push({ path: ['station', 'name'], code: 'too-short', values: { number: '1' }, stops: true });
  for (const [index, time] of (station?.shifts ?? []).entries())
    if (!/^\d\d:(?:00|15|30|45)$/.test(time))
      found.push({
        path: ['station', 'shifts', index],
        code: 'format',
        values: { form: 'a time of day' },
        stops: true,
      });
  for (const [index, { serial }] of (station?.goldenCheck?.units ?? []).entries())
    if (!serial)
      found.push({
        path: ['station', 'goldenCheck', 'units', index, 'serial'],
        code: 'missing',
        values: {},
        stops: true,
      });
  for (const [index, { initialTwin }] of (products ?? []).entries())
    if (typeof initialTwin?.tags === 'string')
      found.push({
        path: ['products', index, 'initialTwin', 'tags'],
        code: 'wrong-kind',
        values: {},
        stops: true,
      });
  for (const [index, { serialPattern }] of (products ?? []).entries())
    if (serialPattern?.endsWith('('))
      found.push({
        path: ['products', index, 'serialPattern'],
        code: 'pattern-invalid',
        values: { detail: 'Unterminated group' },
        stops: true,
      });
  for (const [index, { bridge }] of (fixtures ?? []).entries())
    if (fixtures?.findIndex(each => each.bridge === bridge) !== index)
      found.push({
        path: ['fixtures', index, 'bridge'],
        code: 'bridge-shared',
        values: { fixture: '1' },
        stops: false,
      });
  return found;
}

/** As the station finds them: fixtures by id, products by name, and down to what has no fields of its own. */
function changesOf(before: unknown, after: unknown, at: readonly string[] = []): ConfigurationChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isList = at.length === 1 && (at[0] === 'fixtures' || at[0] === 'products');
  if ((!isList && !(isObject(before) && isObject(after))) || ['tags', 'desired'].includes(at.at(-1)!))
    return [
      {
        path: at.join('.'),
        at,
        change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      },
    ];
  const [was, is] = [membersOf(before), membersOf(after)];
  const order = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...one.keys()].filter(name => other.has(name)).join();
  return [
    ...[...new Set([...was.keys(), ...is.keys()])].flatMap(name =>
      changesOf(was.get(name), is.get(name), [...at, name]),
    ),
    ...(isList && order(was, is) !== order(is, was) ? [{ path: at[0]!, at, change: 'moved' as const }] : []),
  ];
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries((value as object | undefined) ?? {}));
  return new Map(value.map((each: { id?: string; name?: string }) => [String(each.id ?? each.name), each]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
