/**
 * Devices as JSON objects: enrollments of DPS (service API 2021-10-01, as Azure and Limpet's `-enrollmentinfo -json` write
 * them, alone or as a bulk operation), objects with a member each for serial and key, and the lines of Keyline's audit export.
 */
import { type ColumnMapping, type ImportField, importFields, knownColumns } from './columns.ts';
import { ImportFormError } from './import-form-error.ts';
import type { ImportItem } from './import-item.ts';
import type { TextFile } from './read-text.ts';
import { readText } from './read-text.ts';
import { longestLine, readTextLines } from './read-text-lines.ts';
import { SplitJson } from './split-json.ts';

type Fields = Readonly<Record<string, unknown>>;
type ReadObject = (object: Fields, row: number) => ImportItem;

/** One object a line: a line that is none costs its own row. */
export async function* readJsonLines(
  file: TextFile,
  read: ReadObject,
): AsyncGenerator<readonly ImportItem[]> {
  for await (const lines of readTextLines(file)) {
    const items: ImportItem[] = [];
    for (const line of lines) {
      if ('tooLong' in line)
        items.push({
          kind: 'bad',
          row: line.number,
          detail: `the line is longer than ${longestLine} characters`,
        });
      else if (line.text.trim() !== '') items.push(objectOf(line.text, line.number, read));
    }
    yield items;
  }
}

/** A list; where its brackets do not close nothing tells rows apart, and the whole is refused. */
export async function* readJsonList(file: TextFile, read: ReadObject): AsyncGenerator<readonly ImportItem[]> {
  const split = new SplitJson();
  try {
    for await (const text of readText(file)) yield split.push(text).map(toItem);
    split.end();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new ImportFormError(`${file.path} is not JSON: ${cause.message}`, { cause });
  }
  function toItem(item: ReturnType<SplitJson['push']>[number]): ImportItem {
    if ('tooLong' in item) return { kind: 'bad', row: item.number, detail: 'this item is far too long' };
    return objectOf(item.text, item.number, read);
  }
}

function objectOf(text: string, row: number, read: ReadObject): ImportItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'bad', row, detail: `this is not JSON: ${(error as Error).message.slice(0, 200)}` };
  }
  if (!isObject(value)) return { kind: 'bad', row, detail: 'this is no object' };
  return read(value, row);
}

/** An enrollment, or an object with a member each. */
export function deviceObject(mapping: ColumnMapping): ReadObject {
  return (object, row) => {
    if ('attestation' in object) return enrollmentObject(object, row);
    const named = { ...knownColumns(Object.keys(object)), ...mapping };
    const value = (field: ImportField) => (named[field] === undefined ? undefined : object[named[field]]);
    const member = (field: ImportField) => textOf(value(field));
    const odd = importFields.find(field => !isText(value(field)));
    if (odd !== undefined) return oddMember(named[odd]!, row);
    return itemOf(row, {
      serial: member('serial'),
      registrationId: member('registrationId'),
      endorsementKey: member('ek'),
      product: member('product'),
      workOrder: member('workOrder'),
    });
  };
}

function enrollmentObject(object: Fields, row: number): ImportItem {
  const attestation = isObject(object.attestation) ? object.attestation : {};
  const { type } = attestation;
  if (type !== 'tpm')
    return {
      kind: 'bad',
      row,
      detail: `its attestation is ${typeof type === 'string' ? type.slice(0, 40) : 'missing'}, not tpm`,
    };
  const information = isObject(object.optionalDeviceInformation) ? object.optionalDeviceInformation : {};
  if (!isText(object.serial) || !isText(information.serial)) return oddMember('serial', row);
  if (!isText(object.registrationId)) return oddMember('registrationId', row);
  return itemOf(row, {
    serial: textOf(object.serial) ?? textOf(information.serial),
    registrationId: textOf(object.registrationId),
    endorsementKey: textOf(isObject(attestation.tpm) ? attestation.tpm.endorsementKey : undefined),
    product: null,
    workOrder: null,
  });
}

/** Lines of Keyline's audit export: attempts that passed are devices. */
export const exportLine: ReadObject = (object, row) => {
  const { entry } = object;
  const data = isObject(entry) && isObject(entry.data) ? entry.data : undefined;
  if (
    !isObject(entry) ||
    !data ||
    (entry.type !== 'harvest' && entry.type !== 'import') ||
    data.verdict !== 'passed'
  ) {
    const retired = data?.change === 'retired' ? textOf(data.registrationId) : null;
    return { kind: 'passed-over', row, ...(retired === null ? {} : { retired }) };
  }
  const read = {
    serial: textOf(data.serial),
    registrationId: textOf(data.registrationId),
    endorsementKey: textOf(data.endorsementKey),
    product: textOf(data.product),
    workOrder: textOf(data.workOrder),
  };
  return itemOf(row, read, entry.rehearsal === true);
};

function itemOf(
  row: number,
  read: Readonly<
    Record<'serial' | 'registrationId' | 'endorsementKey' | 'product' | 'workOrder', string | null>
  >,
  rehearsal = false,
): ImportItem {
  const { endorsementKey } = read;
  if (endorsementKey === null || endorsementKey.trim() === '')
    return { kind: 'bad', row, detail: 'no endorsement key in this item' };
  return { kind: 'row', row: { row, ...read, endorsementKey: endorsementKey.trim(), rehearsal } };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Serials that are numbers in somebody's list are text here. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Or nothing. A number beyond 2^53 is not the one that was written any more. */
function isText(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || Number.isSafeInteger(value);
}

/** A device without the serial that the file meant it to have would be somebody else's. */
function oddMember(name: string, row: number): ImportItem {
  return {
    kind: 'bad',
    row,
    detail: `${JSON.stringify(name.slice(0, 40))} is neither text nor a whole number below 2^53`,
  };
}
