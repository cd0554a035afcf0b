/** Reads `keyline.json`; a missing file means defaults, a wrong one stops with the place that is wrong. */
import path from 'node:path';
import { StationError } from '../errors.ts';
import { checkConfiguration, readJson } from '../settings/check-configuration.ts';
import { readConfigurationFile } from '../settings/configuration-file.ts';
import { faultLine } from '../settings/fault.ts';
import type { Configuration, ProductConfiguration } from './configuration.ts';

/** @throws StationError `configuration-invalid` for what a station cannot start with */
export function loadConfiguration(file: string): Configuration {
  const { text } = readConfigurationFile(file);
  return configurationOf(text, file);
}

/** @param text of the file; undefined where there is none */
export function configurationOf(text: string | undefined, file: string): Configuration {
  const read = text === undefined ? ({ ok: true, json: {} } as const) : readJson(text);
  const checked = read.ok
    ? checkConfiguration(read.json, path.dirname(file))
    : { configuration: undefined, faults: [read.fault] };
  const stops = checked.faults.filter(each => each.stops && each.code !== 'folder-missing');
  if (checked.configuration === undefined || stops.length > 0)
    throw new StationError('configuration-invalid', `${file}: ${stops.map(faultLine).join('; ')}`);
  return checked.configuration;
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
