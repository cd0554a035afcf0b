/**
 * What is wrong with a configuration whose every value may be as it is: names that are there twice or nowhere, a bridge that
 * cannot do what is asked of it, templates that DPS would refuse, files and folders that are not there.
 */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readDpsHost } from '../../dps/dps-host.ts';
import { DpsError } from '../../dps/errors.ts';
import { isWatchable } from '../../tcti/presence.ts';
import { describeTctiConf, parseTctiConf, type TctiConf } from '../../tcti/tcti-conf.ts';
import type {
  Configuration,
  FixtureConfiguration,
  ProductConfiguration,
} from '../configuration/configuration.ts';
import { deviceNames } from '../devices/device-names.ts';
import { type ConfigurationFault, type FaultPath, fault } from './fault.ts';
import { nearestName } from './nearest-name.ts';
import { isSlowPattern } from './slow-pattern.ts';

/** IoT Hub takes ten levels below `tags` and below `properties.desired`. */
const MOST_TWIN_DEPTH = 32;
/** As a key gives it. */
const exampleRegistrationId = 'a'.repeat(52);

type Faults = readonly ConfigurationFault[];

/** @param from the folder that relative places start from: the data directory */
export function meaningFaults(configuration: Configuration, from: string): Faults {
  const { station, fixtures, products, currentProduct, audit } = configuration;
  const names = products.map(({ name }) => name);
  return [
    ...prefixFaults(station),
    ...twice(
      fixtures.map(({ id }) => id),
      index => ['fixtures', index, 'id'],
    ),
    ...fixtures.flatMap((fixture, index) => fixtureFaults(fixture, ['fixtures', index], from)),
    ...sharedBridges(fixtures),
    ...twice(names, index => ['products', index, 'name']),
    ...products.flatMap((product, index) => productFaults(product, ['products', index])),
    ...(currentProduct === undefined || names.includes(currentProduct)
      ? []
      : [unknownProduct(['currentProduct'], currentProduct, names)]),
    ...twice(
      (audit.exportFolders ?? []).map(({ name }) => name),
      index => ['audit', 'exportFolders', index, 'name'],
    ),
    ...dpsFaults(configuration, from),
    ...trustFaults(configuration, from),
  ];
}

function prefixFaults({ badgePrefix: badge, workOrderPrefix: order }: Configuration['station']): Faults {
  if (badge === undefined || order === undefined) return [];
  const alike = badge.startsWith(order) || order.startsWith(badge);
  return alike ? [fault(['station', 'workOrderPrefix'], 'prefixes-alike')] : [];
}

function twice(values: readonly string[], place: (index: number) => FaultPath): Faults {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [fault(place(index), 'twice', { value })] : [],
  );
}

function unknownProduct(at: FaultPath, name: string, names: readonly string[]): ConfigurationFault {
  const nearest = nearestName(name, names);
  return fault(at, 'product-unknown', { name, known: names.join(', '), ...(nearest && { nearest }) });
}

function fixtureFaults(fixture: FixtureConfiguration, at: FaultPath, from: string): Faults {
  const conf = bridgeOf(fixture);
  if (conf instanceof Error) return [fault([...at, 'bridge'], 'bridge-invalid', { detail: conf.message })];
  const handsFree: FaultPath = [...at, 'handsFree'];
  return [
    ...(fixture.handsFree !== undefined && !isWatchable(conf)
      ? [fault(handsFree, 'hands-free-unseen', { bridge: conf.name })]
      : []),
    ...(fixture.handsFree === 'device-serial' && conf.name !== 'ssh'
      ? [fault(handsFree, 'hands-free-unasked')]
      : []),
    ...(fixture.ssh !== undefined && conf.name !== 'ssh' ? [fault([...at, 'ssh'], 'ssh-unused')] : []),
    ...(fixture.ssh?.identityFile === undefined
      ? []
      : unreadable([...at, 'ssh', 'identityFile'], path.resolve(from, fixture.ssh.identityFile))),
  ];
}

function bridgeOf({ bridge }: FixtureConfiguration): TctiConf | Error {
  try {
    return parseTctiConf(bridge);
  } catch (error) {
    return error as Error;
  }
}

/** However each is written; two runs at one TPM would flush each other's objects. A transcript can be replayed by many. */
function sharedBridges(fixtures: readonly FixtureConfiguration[]): Faults {
  const first = new Map<string, string>();
  return fixtures.flatMap((fixture, index) => {
    const conf = bridgeOf(fixture);
    if (conf instanceof Error || conf.name === 'replay') return [];
    const place = conf.name === 'cmd' ? `cmd:${conf.command}` : describeTctiConf(conf);
    const other = first.get(place);
    if (other === undefined) first.set(place, fixture.id);
    return other === undefined || other === fixture.id
      ? []
      : [fault(['fixtures', index, 'bridge'], 'bridge-shared', { fixture: other })];
  });
}

function productFaults(product: ProductConfiguration, at: FaultPath): Faults {
  const { initialTwin, iotHubs, allocationPolicy } = product;
  return [
    ...(deeperThan(MOST_TWIN_DEPTH, initialTwin)
      ? [fault([...at, 'initialTwin'], 'too-deep', { most: String(MOST_TWIN_DEPTH) })]
      : []),
    ...(iotHubs !== undefined && allocationPolicy === undefined
      ? [fault([...at, 'iotHubs'], 'hubs-without-policy')]
      : []),
    ...patternFaults(product, [...at, 'serialPattern']),
    ...templateFaults(product, at),
  ];
}

function patternFaults({ serialPattern }: ProductConfiguration, at: FaultPath): Faults {
  if (serialPattern === undefined) return [];
  try {
    new RegExp(serialPattern, 'u');
  } catch (error) {
    return [fault(at, 'pattern-invalid', { detail: (error as Error).message })];
  }
  return isSlowPattern(serialPattern) ? [fault(at, 'pattern-slow')] : [];
}

/** With the shortest serial that there is; whether those of the product fit, each of them shows. */
function templateFaults({ registrationId, deviceId }: ProductConfiguration, at: FaultPath): Faults {
  const of = { registrationId: exampleRegistrationId, serial: '0' };
  return [
    { member: 'registrationId', names: deviceNames({ registrationId, deviceId: undefined }, of) },
    { member: 'deviceId', names: deviceNames({ registrationId: undefined, deviceId }, of) },
  ].flatMap(({ member, names }) =>
    names.ok ? [] : [fault([...at, member], 'template-invalid', { detail: names.detail })],
  );
}

function dpsFaults({ dps: { host, entra } }: Configuration, from: string): Faults {
  const found: ConfigurationFault[] = [];
  if (host !== undefined)
    try {
      if (!readDpsHost(host)) found.push(fault(['dps', 'host'], 'host-invalid'));
    } catch (error) {
      if (!(error instanceof DpsError)) throw error;
      found.push(fault(['dps', 'host'], 'host-is-iot-hub'));
    }
  if (entra && host === undefined) found.push(fault(['dps', 'entra'], 'entra-without-host'));
  if (entra?.signIn === 'workload-identity')
    found.push(...unreadable(['dps', 'entra', 'tokenFile'], path.resolve(from, entra.tokenFile)));
  return found;
}

function trustFaults({ trustStore }: Configuration, from: string): Faults {
  if (trustStore === undefined) return [];
  const folder = path.resolve(from, trustStore);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [fault(['trustStore'], 'folder-missing', { folder })];
  try {
    readdirSync(folder);
    return [];
  } catch (error) {
    return [fault(['trustStore'], 'folder-unreadable', { folder, detail: codeOf(error) })];
  }
}

function unreadable(at: FaultPath, file: string): Faults {
  try {
    accessSync(file, constants.R_OK);
    return [];
  } catch (error) {
    return [fault(at, 'file-unreadable', { file, detail: codeOf(error) })];
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** By hand and level by level: recursion would end in a stack overflow on what it is to find. */
function deeperThan(most: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= most; depth++) {
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}
