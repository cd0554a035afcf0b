/**
 * What can be wrong with a configuration: a closed set of codes, each with words for the command line; the screens have their
 * own. A fault names its place and never repeats what may be a secret.
 */

/** From the whole of keyline.json on: names of fields, and numbers in lists. */
export type FaultPath = readonly (string | number)[];

export type ConfigurationFaultCode = keyof typeof faultWords;

export interface ConfigurationFault {
  readonly path: FaultPath;
  readonly code: ConfigurationFaultCode;
  /** What the words of the code are filled with. */
  readonly values: Readonly<Record<string, string>>;
  /** The station does not start with it. With the others it starts, and what they name does not work. */
  readonly stops: boolean;
}

type Words = (values: Readonly<Record<string, string>>) => {
  readonly wrong: string;
  readonly instead: string;
};

const faultWords = {
  'not-json': ({ detail }) => ({
    wrong: `this is not JSON: ${detail}`,
    instead: 'write JSON; keyline config export shows the form',
  }),
  'unknown-field': ({ name, nearest, known }) => ({
    wrong: `there is no field "${name}"`,
    instead: nearest ? `"${nearest}"` : known ? `one of ${known}` : 'nothing: leave it out',
  }),
  missing: () => ({
    wrong: 'it is missing',
    instead: 'a value; keyline config schema says what it may be',
  }),
  'wrong-kind': ({ expected }) => ({ wrong: 'it is of another kind', instead: `${expected}` }),
  'too-short': ({ least }) => ({ wrong: 'it is too short', instead: `at least ${least}` }),
  'too-long': ({ most }) => ({ wrong: 'it is too long', instead: `at most ${most}` }),
  'too-small': ({ least }) => ({ wrong: 'it is too small', instead: `${least}` }),
  'too-large': ({ most }) => ({ wrong: 'it is too large', instead: `at most ${most}` }),
  'not-one-of': ({ options }) => ({ wrong: 'it is none of the words that are known', instead: `${options}` }),
  format: ({ form }) => ({ wrong: 'it has another form', instead: `${form}` }),
  twice: ({ value }) => ({ wrong: `"${value}" is there twice`, instead: 'another one' }),
  'bridge-invalid': ({ detail }) => ({
    wrong: `${detail}`,
    instead: 'a TCTI conf string, such as device:/dev/tpmrm0',
  }),
  'bridge-shared': ({ fixture }) => ({
    wrong: `it is the bridge of fixture "${fixture}" as well`,
    instead: 'a bridge of its own: two fixtures cannot share a TPM',
  }),
  'file-only': () => ({
    wrong: 'this is taken from keyline.json only, never from a screen',
    instead: 'it in the file, or something else here',
  }),
  'folder-unnamed': () => ({
    wrong: 'keyline.json names no such folder',
    instead: 'one of its audit.exportFolders',
  }),
  'hands-free-unseen': ({ bridge }) => ({
    wrong: `no device can be noticed behind ${bridge}:`,
    instead: 'nothing, or another bridge',
  }),
  'hands-free-unasked': () => ({
    wrong: 'only a device behind ssh: can be asked for its serial',
    instead: '"scanned"',
  }),
  'ssh-unused': () => ({ wrong: 'its bridge is no ssh:', instead: 'nothing: leave it out' }),
  'from-or-command': () => ({ wrong: 'there is both, or none', instead: 'either from or command' }),
  'pattern-invalid': ({ detail }) => ({
    wrong: `${detail}`,
    instead: 'an ECMAScript regular expression',
  }),
  'pattern-slow': () => ({
    wrong: 'on some serials it takes far too long',
    instead: 'no repetition of what repeats itself: (\\d{2})+ and not (\\d+)+',
  }),
  'template-invalid': ({ detail }) => ({
    wrong: `${detail}`,
    instead: 'a template with {serial} or {registrationId} that gives an id which is allowed',
  }),
  'hubs-without-policy': () => ({
    wrong: 'DPS takes hubs only together with an allocationPolicy',
    instead: 'an allocationPolicy beside it',
  }),
  'too-deep': ({ most }) => ({ wrong: `it is nested deeper than ${most} levels`, instead: 'a flatter one' }),
  'product-unknown': ({ name, nearest, known }) => ({
    wrong: `"${name}" is not one of the products`,
    instead: nearest ? `"${nearest}"` : `${known}`,
  }),
  'prefixes-alike': () => ({
    wrong: 'a scan could be a badge as well, by station.badgePrefix',
    instead: 'prefixes of which none begins with the other',
  }),
  'host-invalid': () => ({
    wrong: 'this is no host name',
    instead: 'NAME.azure-devices-provisioning.net, without https://',
  }),
  'host-is-iot-hub': () => ({
    wrong: 'this is an IoT hub',
    instead: 'the service endpoint of the DPS, NAME.azure-devices-provisioning.net',
  }),
  'entra-without-host': () => ({ wrong: 'dps.host is missing', instead: 'the service endpoint in dps.host' }),
  'folder-missing': ({ folder }) => ({
    wrong: `there is no folder ${folder}`,
    instead: 'a folder that is there, or nothing for the one in the data directory',
  }),
  'folder-unreadable': ({ folder, detail }) => ({
    wrong: `${folder} cannot be read: ${detail}`,
    instead: 'a folder that this user may read',
  }),
  'file-unreadable': ({ file, detail }) => ({
    wrong: `${file} cannot be read: ${detail}`,
    instead: 'a file that this user may read',
  }),
} as const satisfies Readonly<Record<string, Words>>;

/** With these a station starts all the same: it may run, and only what they name does not. */
const startsWith: ReadonlySet<ConfigurationFaultCode> = new Set([
  'bridge-shared',
  'file-only',
  'folder-unnamed',
  'pattern-slow',
  'template-invalid',
  'host-invalid',
  'host-is-iot-hub',
  'entra-without-host',
  'folder-unreadable',
  'file-unreadable',
]);

export function fault(
  path: FaultPath,
  code: ConfigurationFaultCode,
  values: Readonly<Record<string, string>> = {},
): ConfigurationFault {
  return { path, code, values, stops: !startsWith.has(code) };
}

/** `products[0].serialPattern`; `keyline.json` for the whole. */
export function pathText(path: FaultPath): string {
  if (path.length === 0) return 'keyline.json';
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

export interface FaultText {
  readonly path: string;
  readonly code: ConfigurationFaultCode;
  /** What is wrong. */
  readonly wrong: string;
  /** What to write instead. */
  readonly instead: string;
}

export function faultText({ path, code, values }: ConfigurationFault): FaultText {
  const words: Words = faultWords[code];
  return { path: pathText(path), code, ...words(values) };
}

/** One line. */
export function faultLine(found: ConfigurationFault): string {
  const { path, wrong, instead } = faultText(found);
  return `${path}: ${wrong}; instead: ${instead}`;
}
