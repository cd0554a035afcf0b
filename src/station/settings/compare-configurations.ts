/**
 * What changes from one configuration to another, field by field: fixtures by their id and products by their name, wherever
 * they stand in their lists. Commands are never shown: they may hold secrets.
 */
import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, nodeAt } from './json-schema.ts';

export interface ConfigurationChange {
  /** `fixtures["1"].bridge`, `products["GX-2"]`, `station.name`; a place in a list is named by its id or name. */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** JSON of the value, shortened; absent where there is none, or it must not be shown. */
  readonly before?: string;
  readonly after?: string;
}

const LONGEST_VALUE = 200;

type Members = Readonly<Record<string, unknown>>;

/** @param before `{}` where nothing was set */
export function compareConfigurations(before: unknown, after: unknown): ConfigurationChange[] {
  return objectChanges(before as Members, after as Members, [], '');
}

function objectChanges(
  before: Members,
  after: Members,
  place: readonly (string | number)[],
  path: string,
): ConfigurationChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name =>
    valueChanges(
      own(before, name),
      own(after, name),
      [...place, name],
      path === '' ? name : `${path}.${name}`,
    ),
  );
}

function valueChanges(
  before: unknown,
  after: unknown,
  place: readonly (string | number)[],
  path: string,
): ConfigurationChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const key = keyOfList(place);
  const isEmpty = (value: unknown) => value === undefined || listOf(value).length === 0;
  if (key && !(isEmpty(before) && isEmpty(after)))
    return listChanges(listOf(before), listOf(after), key, place, path);
  const hasFields = fieldsOf(nodeAt(place)) !== undefined;
  if (hasFields && isObject(before) && isObject(after)) return objectChanges(before, after, place, path);
  return [changeOf(path, before, after)];
}

function listChanges(
  before: readonly Members[],
  after: readonly Members[],
  key: string,
  place: readonly (string | number)[],
  path: string,
): ConfigurationChange[] {
  const was = new Map(before.map(each => [each[key], each]));
  const is = new Map(after.map(each => [each[key], each]));
  const named = (id: unknown) => `${path}[${JSON.stringify(id)}]`;
  const kept = [...was.keys()].filter(id => is.has(id));
  const keptNow = [...is.keys()].filter(id => was.has(id));
  return [
    ...[...was].filter(([id]) => !is.has(id)).map(([id, each]) => changeOf(named(id), each, undefined)),
    ...[...is].flatMap(([id, each]) => {
      const old = was.get(id);
      return old
        ? objectChanges(old, each, [...place, 0], named(id))
        : [changeOf(named(id), undefined, each)];
    }),
    ...(isDeepStrictEqual(kept, keptNow)
      ? []
      : [{ path, change: 'moved' as const, before: shown(kept)!, after: shown(keptNow)! }]),
  ];
}

function changeOf(path: string, before: unknown, after: unknown): ConfigurationChange {
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const [old, next] = [shown(withoutCommands(before, path)), shown(withoutCommands(after, path))];
  return {
    path,
    change,
    ...(old === undefined ? {} : { before: old }),
    ...(next === undefined ? {} : { after: next }),
  };
}

/** A command may hold a password, in a bridge or for the device's shell. */
function withoutCommands(value: unknown, path: string): unknown {
  const text = (each: unknown) => (typeof each === 'string' && /^cmd:/.test(each) ? 'cmd:…' : each);
  if (path.endsWith('.command')) return value === undefined ? undefined : '…';
  if (!isObject(value)) return text(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === 'command') return [name, '…'];
      return [name, name === 'dutSerial' ? withoutCommands(each, `${path}.${name}`) : text(each)];
    }),
  );
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function keyOfList(place: readonly (string | number)[]): 'id' | 'name' | undefined {
  if (place.length !== 1) return undefined;
  if (place[0] === 'fixtures') return 'id';
  return place[0] === 'products' ? 'name' : undefined;
}

const listOf = (value: unknown) => (Array.isArray(value) ? (value as Members[]) : []);
const own = (of: Members, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
