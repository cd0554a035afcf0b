/**
 * The settings that this screen has, by their place in keyline.json (`*`: any member of a list), with the texts of each and, where
 * only some values are meant, what may be chosen. Fields and the words of a change (`change-words.ts`) are both made of it;
 * test/renderer/settings-fields.test.ts holds that no setting of the station is missing.
 */
import type { en } from '../messages/en.ts';
import type { Value } from './draft.ts';

export type FieldName = keyof typeof en.settings.field;
export type ChoiceName = keyof typeof en.settings.choice;
/** `undefined` is the default. */
export type Option = readonly [label: ChoiceName, sets: Value];

export const fields = {
  'station.line': 'line',
  'station.name': 'name',
  'station.language': 'language',
  'station.lockMinutes': 'lockMinutes',
  'station.badgePrefix': 'badgePrefix',
  'station.workOrderPrefix': 'workOrderPrefix',
  'station.scanner.prefix': 'scannerPrefix',
  'station.scanner.suffix': 'scannerSuffix',
  'station.shifts': 'shifts',
  'station.goldenCheck.units.*.serial': 'goldenSerial',
  'station.goldenCheck.units.*.ekSha256': 'goldenKey',
  'station.goldenCheck.everyHours': 'goldenHours',
  'station.goldenCheck.required': 'goldenRequired',
  'fixtures.*.id': 'fixtureId',
  'fixtures.*.name': 'fixtureName',
  'fixtures.*.bridge': 'carrier',
  'fixtures.*.ssh.identityFile': 'identityFile',
  'fixtures.*.ssh.knownHostKey': 'knownHostKey',
  'fixtures.*.handsFree': 'handsFree',
  'fixtures.*.connectSeconds': 'connectSeconds',
  'fixtures.*.commandSeconds': 'commandSeconds',
  'fixtures.*.harvestSeconds': 'harvestSeconds',
  'products.*.name': 'productName',
  'products.*.serialPattern': 'serialPattern',
  'products.*.checkDigit': 'checkDigit',
  'products.*.gtin': 'gtin',
  'products.*.dutSerial': 'dutSerialFrom',
  'products.*.certificate': 'certificate',
  'products.*.revocation': 'revocation',
  'products.*.possession': 'possession',
  'products.*.deviceKey': 'deviceKey',
  'products.*.referenceFirmware': 'referenceFirmware',
  'products.*.registrationId': 'registrationId',
  'products.*.deviceId': 'deviceId',
  'products.*.initialTwin.tags': 'tags',
  'products.*.initialTwin.properties.desired': 'desired',
  'products.*.capabilities.iotEdge': 'iotEdge',
  'products.*.reprovisionPolicy': 'reprovision',
  'products.*.allocationPolicy': 'allocation',
  'products.*.iotHubs': 'iotHubs',
  'products.*.targetPerHour': 'targetPerHour',
  'dps.host': 'dpsHost',
  'dps.idScope': 'idScope',
  'dps.operationsPerMinute': 'operationsPerMinute',
  'dps.bulkCost': 'bulkCost',
  'audit.checkpointFolder': 'checkpointFolder',
  'audit.checkpointHours': 'checkpointHours',
  'audit.witnessFolder': 'witnessFolder',
  'backup.folder': 'backupFolder',
  'backup.everyHours': 'backupHours',
  'backup.keep': 'backupKeep',
  'courier.recipient': 'recipient',
  'courier.validDays': 'validDays',
} as const satisfies Readonly<Record<string, FieldName>>;

/** What a screen shows of the file, or not at all, and never sets. */
export const ofTheFile: readonly string[] = [
  '$schema',
  'dps.entra',
  'audit.exportFolders',
  'trustStore',
  'trustFetch',
];

const never = { updateHubAssignment: false, migrateDeviceData: false };

export const options = {
  language: [
    ['en', 'en'],
    ['ko', 'ko'],
    ['stored', undefined],
  ],
  goldenRequired: [
    ['invited', undefined],
    ['require', true],
  ],
  handsFree: [
    ['hand', undefined],
    ['scanned', 'scanned'],
    ['device-serial', 'device-serial'],
  ],
  checkDigit: [
    ['none', undefined],
    ['luhn', 'luhn'],
    ['damm', 'damm'],
    ['verhoeff', 'verhoeff'],
    ['mod-11-2', 'mod-11-2'],
    ['mod-37-2', 'mod-37-2'],
    ['mod-97-10', 'mod-97-10'],
    ['mod-11-10', 'mod-11-10'],
    ['mod-37-36', 'mod-37-36'],
  ],
  dutSerialFrom: [
    ['unasked', undefined],
    ['dmi-product-serial', 'dmi-product-serial'],
    ['dmi-board-serial', 'dmi-board-serial'],
    ['device-tree', 'device-tree'],
  ],
  dutSerialUnread: [
    ['refuse', undefined],
    ['warn', 'warn'],
  ],
  certificate: [
    ['debt', undefined],
    ['require', 'require'],
    ['off', 'off'],
  ],
  revocation: [
    ['warn', undefined],
    ['require', 'require'],
    ['off', 'off'],
  ],
  possession: [
    ['require', undefined],
    ['off', 'off'],
  ],
  deviceKey: [
    ['stored', undefined],
    ['persisted', 'persisted'],
    ['L-1', 'L-1'],
    ['sdk-empty-unique', 'sdk-empty-unique'],
  ],
  referenceFirmware: [
    ['warn', undefined],
    ['accept', 'accept'],
  ],
  iotEdge: [
    ['stored', undefined],
    ['edge', true],
    ['plain', false],
  ],
  reprovision: [
    ['stored', undefined],
    ['migrate', { updateHubAssignment: true, migrateDeviceData: true }],
    ['reset', { updateHubAssignment: true, migrateDeviceData: false }],
    ['never', never],
  ],
  allocation: [
    ['stored', undefined],
    ['hashed', 'hashed'],
    ['geoLatency', 'geoLatency'],
    ['static', 'static'],
  ],
  bulkCost: [
    ['stored', undefined],
    ['one', 1],
    ['ten', 10],
  ],
} as const satisfies Readonly<Partial<Record<FieldName, readonly Option[]>>>;

export type OptionField = keyof typeof options;

export function optionsOf(name: FieldName): readonly Option[] | undefined {
  return (options as Readonly<Partial<Record<FieldName, readonly Option[]>>>)[name];
}

/** The field at a place of the settings; undefined where it has none of its own. */
export function fieldAt(place: readonly (string | number)[]): FieldName | undefined {
  const isMember = place[0] === 'fixtures' || place[0] === 'products';
  const pattern = place.map((part, index) =>
    typeof part === 'number' || (isMember && index === 1) ? '*' : part,
  );
  return (fields as Readonly<Record<string, FieldName>>)[pattern.join('.')];
}
