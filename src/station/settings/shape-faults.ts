/** What the schema finds wrong, in the words of the configuration: a missing field, an unknown one with the nearest that there is, a value out of its bounds. */
import type { z } from 'zod';
import { type ConfigurationFault, type FaultPath, fault } from './fault.ts';
import { fieldsOf, nodeAt } from './json-schema.ts';
import { nearestName } from './nearest-name.ts';

type Issue = z.core.$ZodIssue;

/** A file of nonsense has no end of faults. */
const MOST_FAULTS = 100;

export function shapeFaults(issues: readonly Issue[]): ConfigurationFault[] {
  return issues.flatMap(faultsOf).slice(0, MOST_FAULTS);
}

function faultsOf(issue: Issue): ConfigurationFault[] {
  const path = issue.path as FaultPath;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(name => unknownField(path, name));
    case 'invalid_type':
      return [
        issue.input === undefined && isMissing(issue.message)
          ? fault(path, 'missing')
          : fault(path, 'wrong-kind', { expected: kinds[issue.expected] ?? issue.expected }),
      ];
    case 'too_small':
      return [
        issue.origin === 'number'
          ? fault(path, 'too-small', leastNumber(issue))
          : fault(path, 'too-short', {
              number: String(issue.minimum),
              least: counted(Number(issue.minimum), issue.origin),
            }),
      ];
    case 'too_big':
      return [
        issue.origin === 'number'
          ? fault(path, 'too-large', { number: String(issue.maximum), most: String(issue.maximum) })
          : fault(path, 'too-long', {
              number: String(issue.maximum),
              most: counted(Number(issue.maximum), issue.origin),
            }),
      ];
    case 'invalid_value':
      return [fault(path, 'not-one-of', { options: optionsText(issue.values) })];
    case 'invalid_union':
      return [fault(path, 'not-one-of', { options: optionsText(unionOptions(issue)) })];
    case 'invalid_format':
      return [
        fault(path, 'format', { form: issue.format === 'url' ? 'an https:// address' : issue.message }),
      ];
    case 'custom':
      return [
        path.at(-1) === 'dutSerial'
          ? fault(path, 'from-or-command')
          : fault(path, 'format', { form: issue.message }),
      ];
    default:
      return [fault(path, 'format', { form: issue.message })];
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list: [ … ]',
  object: 'an object: { … }',
  record: 'an object: { … }',
};

/** zod keeps the input out of its issues, and says what it received only in words. */
function isMissing(message: string): boolean {
  return message.endsWith('received undefined');
}

function unknownField(path: FaultPath, name: string): ConfigurationFault {
  const known = Object.keys(fieldsOf(nodeAt(path)) ?? {}).filter(each => each !== '$schema');
  const nearest = nearestName(name, known);
  return fault(path, 'unknown-field', {
    name: name.slice(0, 80),
    ...(nearest === undefined ? { known: known.join(', ') } : { nearest }),
  });
}

function counted(count: number, origin: string): string {
  return origin === 'array' ? `${count} of them` : `${count} ${count === 1 ? 'character' : 'characters'}`;
}

/** `above`: the number itself is too small as well. */
function leastNumber({ minimum, inclusive }: { minimum: unknown; inclusive?: boolean | undefined }) {
  const number = String(minimum);
  return inclusive
    ? { number, least: `at least ${number}` }
    : { number, above: number, least: `more than ${number}` };
}

function optionsText(options: readonly unknown[]): string {
  return options.map(each => JSON.stringify(each)).join(', ');
}

function unionOptions(issue: Extract<Issue, { code: 'invalid_union' }>): readonly unknown[] {
  if ('options' in issue && Array.isArray(issue.options)) return issue.options;
  return issue.errors.flat().flatMap(each => (each.code === 'invalid_value' ? each.values : []));
}
