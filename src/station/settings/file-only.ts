/**
 * What a screen shows and never sets (design rule of the bridge): commands, which would run as the station, transcripts, how it
 * signs in through Entra ID, which may name a file of the station's and an address to send it to, and any place to write or
 * delete in that the file does not name (rule S1): the folders for exports, the trust store and which hosts it is fetched from are the file's; checkpoints and
 * backups go where it has them, or into one of its folders for exports. On the way to a screen a command is a mark; on the way
 * back the mark becomes what the file has.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ConfigurationFault, fault } from './fault.ts';

export const COMMAND_MARK = '…';

type Json = Readonly<Record<string, unknown>>;

const exportFolders = ['audit', 'exportFolders'];
const ofTheFile = [['dps', 'entra'], exportFolders, ['trustStore'], ['trustFetch']];
/** Nothing, what the file has there, or a folder that it names for exports. */
const chosenFolders = [
  ['audit', 'checkpointFolder'],
  ['audit', 'witnessFolder'],
  ['backup', 'folder'],
];

/** @param settings as the file has them, sound in shape or not */
export function forScreen(settings: unknown): Json {
  if (!isObject(settings)) return {};
  return {
    ...settings,
    ...(Array.isArray(settings.fixtures) && { fixtures: settings.fixtures.map(withMarkedBridge) }),
    ...(Array.isArray(settings.products) && { products: settings.products.map(withMarkedCommand) }),
  };
}

/** What a screen sent, with what only the file has; a fault where a screen tried to set that. */
export function fromScreen(
  sent: Json,
  file: unknown,
): { readonly json: Json; readonly faults: readonly ConfigurationFault[] } {
  const has = isObject(file) ? file : {};
  const faults: ConfigurationFault[] = [];
  const fixtures = listOf(sent.fixtures)?.map((fixture, index) => {
    if (!isObject(fixture) || !isFileOnlyBridge(fixture.bridge)) return fixture;
    const own = listOf(has.fixtures)?.find(each => isObject(each) && each.id === fixture.id);
    if (isObject(own) && markedBridge(own.bridge) === fixture.bridge)
      return { ...fixture, bridge: own.bridge };
    faults.push(fault(['fixtures', index, 'bridge'], 'file-only'));
    return fixture;
  });
  const products = listOf(sent.products)?.map((product, index) => {
    const command = isObject(product) ? commandOf(product) : undefined;
    if (command === undefined) return product;
    const own = listOf(has.products)?.find(each => isObject(each) && each.name === (product as Json).name);
    const known = isObject(own) ? commandOf(own) : undefined;
    if (command === COMMAND_MARK && known !== undefined) return withCommand(product as Json, known);
    faults.push(fault(['products', index, 'dutSerial', 'command'], 'file-only'));
    return product;
  });
  for (const place of ofTheFile)
    if (!isDeepStrictEqual(at(sent, place), at(has, place))) faults.push(fault(place, 'file-only'));
  const named = listOf(at(has, exportFolders))?.map(folder => at(folder, ['path'])) ?? [];
  for (const place of chosenFolders) {
    const folder = at(sent, place);
    if (folder !== undefined && folder !== at(has, place) && !named.includes(folder))
      faults.push(fault(place, 'folder-unnamed'));
  }
  return { json: { ...sent, ...(fixtures && { fixtures }), ...(products && { products }) }, faults };
}

export function isFileOnlyBridge(bridge: unknown): boolean {
  return typeof bridge === 'string' && /^(?:cmd|replay)(?::|$)/.test(bridge);
}

function markedBridge(bridge: unknown): unknown {
  return isFileOnlyBridge(bridge) ? `${(bridge as string).split(':')[0]}:${COMMAND_MARK}` : bridge;
}

function withMarkedBridge(fixture: unknown): unknown {
  return isObject(fixture) ? { ...fixture, bridge: markedBridge(fixture.bridge) } : fixture;
}

function withMarkedCommand(product: unknown): unknown {
  return isObject(product) && commandOf(product) !== undefined ? withCommand(product, COMMAND_MARK) : product;
}

function commandOf({ dutSerial }: Json): unknown {
  return isObject(dutSerial) ? dutSerial.command : undefined;
}

function withCommand(product: Json, command: unknown): Json {
  return { ...product, dutSerial: { ...(product.dutSerial as Json), command } };
}

const at = (value: unknown, place: readonly string[]) =>
  place.reduce<unknown>((of, name) => (isObject(of) ? of[name] : undefined), value);
const listOf = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : undefined);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
