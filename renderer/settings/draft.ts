/** The settings as somebody changes them: plain JSON, of which only what is set is there. Everything is copied, nothing is changed in place. */
import type { Settings } from '../../src/api/contract.ts';

export type Path = readonly (string | number)[];
export type Value = string | number | boolean | Readonly<Record<string, boolean>> | undefined;

export function valueAt(settings: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[part] : undefined,
    settings,
  );
}

/** `undefined` takes it away, and objects that are empty then with it. */
export function withValue(settings: Settings, path: Path, value: unknown): Settings {
  return put(settings, path, value) as Settings;
}

function put(at: unknown, [part, ...rest]: Path, value: unknown): unknown {
  if (part === undefined) return value;
  const next = put(valueAt(at, [part]), rest, value);
  if (typeof part === 'number') return listOf(at).with(part, next as Member);
  const members = Object.entries((at as object | undefined) ?? {}).filter(([name]) => name !== part);
  const isNothing = next === undefined || (rest.length > 0 && isEmpty(next));
  return Object.fromEntries(isNothing ? members : [...members, [part, next]]);
}

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** Whatever the order of their members. */
export function isSame(one: unknown, other: unknown): boolean {
  const inOrder = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder);
}

export type Member = Readonly<Record<string, unknown>>;

export function listOf(value: unknown): readonly Member[] {
  return Array.isArray(value) ? (value as Member[]) : [];
}

/** The first of `1`, `2`, … (with what stands before) that no member has. */
export function freeName(list: readonly Member[], member: string, before = ''): string {
  for (let number = 1; ; number += 1) {
    const name = `${before}${before === '' ? number : number === 1 ? '' : ` ${number}`}`;
    if (!list.some(each => each[member] === name)) return name;
  }
}
