/** Reads `keyline.json`; a missing file means defaults, a wrong one stops with the place that is wrong. */
import { z } from 'zod';
import { isWatchable } from '../tcti/presence.ts';
import { parseTctiConf, type TctiConf } from '../tcti/tcti-conf.ts';
import { type Configuration, configurationSchema, type ProductConfiguration } from './configuration.ts';
import { StationError } from './errors.ts';
import { readSmallFile } from './read-small-file.ts';

/** IoT Hub takes ten levels below `tags` and below `properties.desired`. */
const MOST_TWIN_DEPTH = 32;
const LARGEST_CONFIGURATION = 4 * 1024 * 1024;

export function loadConfiguration(file: string): Configuration {
  let text: string;
  try {
    text = readSmallFile(file, LARGEST_CONFIGURATION);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return parseConfiguration({}, file);
    throw new StationError('configuration-invalid', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new StationError('configuration-invalid', `${file} is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  return parseConfiguration(json, file);
}

function parseConfiguration(json: unknown, file: string): Configuration {
  const result = configurationSchema.safeParse(json);
  if (!result.success)
    throw new StationError(
      'configuration-invalid',
      `${file}: ${z.prettifyError(result.error).replaceAll('\n', '; ')}`,
    );
  const configuration = result.data;
  const refuse = (what: string, cause?: unknown): never => {
    throw new StationError('configuration-invalid', `${file}: ${what}`, { cause });
  };
  const ids = new Set<string>();
  for (const [index, fixture] of configuration.fixtures.entries()) {
    if (ids.has(fixture.id)) refuse(`fixtures[${index}].id "${fixture.id}" is there twice`);
    ids.add(fixture.id);
    let conf: TctiConf | undefined;
    try {
      conf = parseTctiConf(fixture.bridge);
    } catch (cause) {
      refuse(`fixtures[${index}].bridge: ${(cause as Error).message}`, cause);
    }
    if (fixture.handsFree !== undefined && conf && !isWatchable(conf))
      refuse(`fixtures[${index}].handsFree: no device can be noticed behind ${conf.name}:`);
    if (fixture.handsFree === 'device-serial' && conf?.name !== 'ssh')
      refuse(`fixtures[${index}].handsFree: only a device behind ssh: can be asked for its serial`);
    if (fixture.ssh !== undefined && conf?.name !== 'ssh')
      refuse(`fixtures[${index}].ssh: its bridge is no ssh:`);
  }
  const names = new Set<string>();
  for (const [index, product] of configuration.products.entries()) {
    if (names.has(product.name)) refuse(`products[${index}].name "${product.name}" is there twice`);
    names.add(product.name);
    if (deeperThan(MOST_TWIN_DEPTH, product.initialTwin))
      refuse(`products[${index}].initialTwin is nested deeper than ${MOST_TWIN_DEPTH} levels`);
    if (product.iotHubs !== undefined && product.allocationPolicy === undefined)
      refuse(`products[${index}].iotHubs: DPS takes hubs only together with an allocationPolicy`);
    if (product.serialPattern !== undefined) {
      try {
        new RegExp(product.serialPattern, 'u');
      } catch (cause) {
        refuse(`products[${index}].serialPattern: ${(cause as Error).message}`, cause);
      }
    }
  }
  if (configuration.currentProduct !== undefined && !names.has(configuration.currentProduct))
    refuse(`currentProduct "${configuration.currentProduct}" is not one of the products`);
  return configuration;
}

/** The product by name; without a name the current one. */
export function productOf(configuration: Configuration, name?: string): ProductConfiguration {
  const wanted = name ?? configuration.currentProduct;
  const product =
    wanted === undefined
      ? configuration.products[0]
      : configuration.products.find(candidate => candidate.name === wanted);
  if (!product) throw new StationError('product-unknown', `product "${wanted}" is not configured`);
  return product;
}

/** By hand and level by level: recursion would end in a stack overflow on what it is to find. */
function deeperThan(most: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= most; depth++) {
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}
