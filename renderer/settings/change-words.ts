/**
 * A change of the settings in people's words: which setting of which fixture or product, what it was and what it becomes, as the
 * form itself says it. What came or went whole is told with what it is made of.
 */
import type { TFunction } from 'i18next';
import type { ConfigurationChange, Settings } from '../../src/api/contract.ts';
import { isSame, type Member } from './draft.ts';
import { fieldAt, optionsOf } from './fields.ts';
import { type FolderName, foldersOf, isFolderName, withoutFolder } from './folders.ts';

export interface ChangeWords {
  readonly what: string;
  /** Of what came or went whole there is only one side. */
  readonly before?: string;
  readonly after?: string;
}

type Place = readonly string[];
const lists = ['fixtures', 'products'] as const;
type List = (typeof lists)[number];

/** What has a name without being one field. */
const titles = {
  fixtures: 'settings/sections/fixtures',
  products: 'settings/sections/products',
  currentProduct: 'settings/products/current',
  'station.goldenCheck.units': 'settings/golden/units',
} as const;

/** @param saved as the station has them; @param draft as they would be */
export function changesInWords(
  changes: readonly ConfigurationChange[],
  { saved, draft }: { readonly saved: Settings; readonly draft: Settings },
  t: TFunction,
): readonly ChangeWords[] {
  // One field may hold more than one value of the file.
  const places = new Map(
    changes.map(({ at, change }) => [fieldOf(at).join('\0'), { at: fieldOf(at), change }]),
  );
  const words = (at: Place, value: unknown) => {
    const name = fieldAt(at);
    return isFolderName(name) ? folderWords(name, value, saved, t) : valueWords(at, value, t);
  };
  return [...places.values()].flatMap(({ at, change }) => {
    const [was, is] = [valueIn(saved, at), valueIn(draft, at)];
    const list = lists.find(each => each === at[0]);
    if (list && at.length === 1 && change === 'moved') return [moved(list, was, is, t)];
    if (list && at.length === 2) return [cameOrWent(list, at, was, is, t)];
    const owner =
      list && t(`settings/change/${list}/one`, { name: nameOf(valueIn(saved, at.slice(0, 2)), list) });
    return leaves(at, was, is).map(leaf => ({
      what: [owner, labelOf(leaf.at, t)].filter(Boolean).join(' · '),
      before: words(leaf.at, leaf.was),
      after: words(leaf.at, leaf.is),
    }));
  });
}

function fieldOf(at: Place): Place {
  const length = at.findIndex((_, index) => fieldAt(at.slice(0, index + 1)) !== undefined);
  return length < 0 ? at : at.slice(0, length + 1);
}

function moved(list: List, was: unknown, is: unknown, t: TFunction): ChangeWords {
  return {
    what: t(`settings/change/${list}/moved`),
    before: namesOf(was, list).join(', '),
    after: namesOf(is, list).join(', '),
  };
}

function cameOrWent(list: List, at: Place, was: unknown, is: unknown, t: TFunction): ChangeWords {
  const name = nameOf(is ?? was, list);
  const what = t(`settings/change/${list}/${was === undefined ? 'added' : 'removed'}`, { name });
  const said = leaves(at, undefined, is ?? was)
    .filter(leaf => !isName(leaf.at))
    .map(leaf => `${labelOf(leaf.at, t)}: ${valueWords(leaf.at, leaf.is, t)}`);
  if (said.length === 0) return { what };
  return { what, [was === undefined ? 'after' : 'before']: said.join(' · ') };
}

interface Leaf {
  readonly at: Place;
  readonly was: unknown;
  readonly is: unknown;
}

/** What has a field of its own, in what has none. */
function leaves(at: Place, was: unknown, is: unknown): Leaf[] {
  if (fieldAt(at) !== undefined || !(isObject(was) || isObject(is)))
    return isSame(was, is) ? [] : [{ at, was, is }];
  const [old, next] = [isObject(was) ? was : {}, isObject(is) ? is : {}];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap(name =>
    leaves([...at, name], old[name], next[name]),
  );
}

function labelOf(at: Place, t: TFunction): string {
  const name = fieldAt(at);
  if (name !== undefined) return t(`settings/field/${name}/label`);
  const place = at.join('.');
  return place in titles ? t(titles[place as keyof typeof titles]) : place;
}

/** As its field says it. */
function valueWords(at: Place, value: unknown, t: TFunction): string {
  const name = fieldAt(at);
  if (name === 'dutSerialFrom' && isObject(value)) return ownSerialWords(value, t);
  const option = name && optionsOf(name)?.find(([, sets]) => isSame(sets, value));
  if (option) return t(`settings/choice/${option[0]}`);
  if (value === undefined) return t('settings/unset');
  if (Array.isArray(value)) return value.map(memberWords).join(', ') || t('settings/choice/none');
  return isObject(value) ? JSON.stringify(value) : String(value);
}

function folderWords(name: FolderName, value: unknown, settings: Settings, t: TFunction): string {
  if (value === undefined) return t(withoutFolder[name]);
  return foldersOf(settings).find(({ path }) => path === value)?.name ?? String(value);
}

function ownSerialWords({ from, command, unread }: Member, t: TFunction): string {
  const place = optionsOf('dutSerialFrom')!.find(([, sets]) => sets === from);
  const source = command === undefined && place ? place[0] : 'command';
  return [source, ...(unread === 'warn' ? (['warn'] as const) : [])]
    .map(choice => t(`settings/choice/${choice}`))
    .join(', ');
}

/** Of a list: a text, or a reference unit by its serial and key. */
const memberWords = (member: unknown) =>
  isObject(member) ? Object.values(member).map(String).join(' ') : String(member);
const isName = (at: Place) => ['id', 'name'].includes(at[2] ?? '') && at.length === 3;
const namesOf = (value: unknown, list: List) =>
  Array.isArray(value) ? value.map(each => nameOf(each, list)) : [];

function nameOf(member: unknown, list: List): string {
  const { id, name } = isObject(member) ? member : {};
  return String(list === 'fixtures' ? (name ?? id ?? '') : (name ?? ''));
}

/** By names: members of a list by their id or name. */
function valueIn(settings: unknown, at: Place): unknown {
  return at.reduce<unknown>((of, part, index) => {
    if (Array.isArray(of))
      return of.find(
        each => isObject(each) && String(at[index - 1] === 'fixtures' ? each.id : each.name) === part,
      );
    return isObject(of) && Object.hasOwn(of, part) ? of[part] : undefined;
  }, settings);
}

const isObject = (value: unknown): value is Member =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
