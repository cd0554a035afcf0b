/** What another configuration changes, for a person at the command line: line by line, in words, names and values as keyline.json has them. */
import type { ConfigurationChange } from '../station/settings/compare-configurations.ts';

const members = { fixtures: 'fixture', products: 'product' } as const;

export function changeText(changes: readonly ConfigurationChange[]): string {
  return changes
    .flatMap(linesOf)
    .map(line => `  ${line}`)
    .join('\n');
}

function linesOf({ path, at, change, before, after }: ConfigurationChange): readonly string[] {
  const [list, name] = at;
  const member = list === 'fixtures' || list === 'products' ? members[list] : undefined;
  if (member && change === 'moved') return [`${list}: in another order, ${valueText(after)}`];
  if (member && at.length === 2 && name !== undefined) {
    const made = fieldsText(after ?? before, list === 'fixtures' ? 'id' : 'name');
    return [
      `${member} ${JSON.stringify(name)} ${change === 'added' ? 'comes' : 'goes'}${made && `: ${made}`}`,
    ];
  }
  if (change === 'added')
    return leavesOf(path, after).map(leaf => `${leaf.path}: becomes ${leaf.text}, was not set`);
  if (change === 'removed')
    return leavesOf(path, before).map(leaf => `${leaf.path}: is no longer set, was ${leaf.text}`);
  return [`${path}: becomes ${valueText(after)}, was ${valueText(before)}`];
}

/** Of what came or went whole, each field in it. */
function leavesOf(
  path: string,
  json: string | undefined,
): { readonly path: string; readonly text: string }[] {
  const value = read(json);
  const leaves = (place: string, each: unknown): { readonly path: string; readonly text: string }[] =>
    isObject(each)
      ? Object.entries(each).flatMap(([field, inner]) => leaves(`${place}.${field}`, inner))
      : [{ path: place, text: textOf(each) }];
  return value === undefined ? [{ path, text: json ?? '' }] : leaves(path, value);
}

/** Of a fixture or a product: what it is made of, without the name that was just said. */
function fieldsText(json: string | undefined, key: string): string {
  const value = read(json);
  if (!isObject(value)) return json ?? '';
  return Object.entries(value)
    .filter(([field]) => field !== key)
    .map(([field, each]) => `${field} ${textOf(each)}`)
    .join(', ');
}

const valueText = (json: string | undefined): string => {
  const value = read(json);
  return value === undefined ? (json ?? '') : textOf(value);
};

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ') || 'none';
  if (isObject(value))
    return `(${Object.entries(value)
      .map(([field, each]) => `${field} ${textOf(each)}`)
      .join(', ')})`;
  return JSON.stringify(value);
}

/** Undefined where it was shortened. */
function read(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
