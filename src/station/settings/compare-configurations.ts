/**
 * What changes from one configuration to another, field by field: fixtures by their id and products by their name, wherever
 * they stand in their lists. Commands are never shown: they may hold secrets.
 */
import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, nodeAt } from './json-schema.ts';

export interface ConfigurationChange {
  /** `fixtures["1"].bridge`, `products["GX-2"]`, `station.name`; a place in a list is named by its id or name. */
  readonly path: string;
  /** The same in parts: `fixtures`, `1`, `bridge`. */
  readonly at: readonly string[];
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** JSON of the value, shortened; absent where there is none, or it must not be shown. */
  readonly before?: string;
  readonly after?: string;
}

/** Of one field, and of a fixture or a product that came or went whole. */
const LONGEST_VALUE = 200;
const LONGEST_MEMBER = 2000;

type Members = Readonly<Record<string, unknown>>;

/** @param before `{}` where nothing was set */
export function compareConfigurations(before: unknown, after: unknown): ConfigurationChange[] {
  return objectChanges(before as Members, after as Members, { node: [], at: [] });
}

/** Where a value stands: for the schema, and by names. */
interface Place {
  readonly node: readonly (string | number)[];
  readonly at: readonly string[];
}

const fieldIn = ({ node, at }: Place, name: string): Place => ({ node: [...node, name], at: [...at, name] });
const memberOf = ({ node, at }: Place, id: unknown): Place => ({
  node: [...node, 0],
  at: [...at, String(id)],
});

function objectChanges(before: Members, after: Members, place: Place): ConfigurationChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name => valueChanges(own(before, name), own(after, name), fieldIn(place, name)));
}

function valueChanges(before: unknown, after: unknown, place: Place): ConfigurationChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const key = keyOfList(place.node);
  const isEmpty = (value: unknown) => value === undefined || listOf(value).length === 0;
  if (key && !(isEmpty(before) && isEmpty(after)))
    return listChanges(listOf(before), listOf(after), key, place);
  const hasFields = fieldsOf(nodeAt(place.node)) !== undefined;
  if (hasFields && isObject(before) && isObject(after)) return objectChanges(before, after, place);
  return [changeOf(place, before, after)];
}

function listChanges(
  before: readonly Members[],
  after: readonly Members[],
  key: string,
  place: Place,
): ConfigurationChange[] {
  const was = new Map(before.map(each => [each[key], each]));
  const is = new Map(after.map(each => [each[key], each]));
  const named = (id: unknown) => memberOf(place, id);
  const kept = [...was.keys()].filter(id => is.has(id));
  const keptNow = [...is.keys()].filter(id => was.has(id));
  return [
    ...[...was].filter(([id]) => !is.has(id)).map(([id, each]) => changeOf(named(id), each, undefined)),
    ...[...is].flatMap(([id, each]) => {
      const old = was.get(id);
      return old ? objectChanges(old, each, named(id)) : [changeOf(named(id), undefined, each)];
    }),
    ...(isDeepStrictEqual(kept, keptNow)
      ? []
      : [
          {
            path: pathOf(place),
            at: place.at,
            change: 'moved' as const,
            before: shown(kept)!,
            after: shown(keptNow)!,
          },
        ]),
  ];
}

function pathOf({ node, at }: Place): string {
  return at
    .map((name, index) =>
      typeof node[index] === 'number' ? `[${JSON.stringify(name)}]` : index === 0 ? name : `.${name}`,
    )
    .join('');
}

function changeOf(place: Place, before: unknown, after: unknown): ConfigurationChange {
  const path = pathOf(place);
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const longest = typeof place.node.at(-1) === 'number' ? LONGEST_MEMBER : LONGEST_VALUE;
  const [old, next] = [before, after].map(value => shown(withoutCommands(value, path), longest));
  return {
    path,
    at: place.at,
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

function shown(value: unknown, longest = LONGEST_VALUE): string | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
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
