/**
 * What `tpm_device_provision` and Limpet's `-enrollmentinfo -txt` print for people: a label on a line, the value on the
 * next one that is not empty (or behind the label). One device or many, one behind the other; whatever else was printed
 * between is passed over.
 */
import type { ImportItem } from './import-item.ts';
import type { TextFile } from './read-text.ts';
import { readTextLines } from './read-text-lines.ts';

export const provisioningLabel = /^\s*(registration id|endorsement key|serial(?: number)?)\s*:\s*(\S*)\s*$/i;

type Label = 'registrationId' | 'endorsementKey' | 'serial';

export async function* readProvisioningText(file: TextFile): AsyncGenerator<readonly ImportItem[]> {
  const blocks = new Blocks();
  for await (const lines of readTextLines(file)) {
    const items: ImportItem[] = [];
    for (const line of lines)
      items.push(...('tooLong' in line ? blocks.tooLong(line.number) : blocks.line(line.text, line.number)));
    yield items;
  }
  yield blocks.end();
}

class Blocks {
  #block: Partial<Record<Label, string>> = {};
  #row = 0;
  #awaited: Label | undefined;

  line(text: string, number: number): readonly ImportItem[] {
    const [, name, value] = provisioningLabel.exec(text) ?? [];
    if (name !== undefined) {
      const label = labelOf(name);
      // A label that comes again begins the next device.
      const ended = this.#block[label] === undefined && this.#awaited !== label ? [] : this.end();
      if (this.#row === 0) this.#row = number;
      this.#awaited = value === '' ? label : undefined;
      if (value !== undefined && value !== '') this.#block[label] = value;
      return ended;
    }
    if (text.trim() !== '' && this.#awaited !== undefined) {
      this.#block[this.#awaited] = text.trim();
      this.#awaited = undefined;
    }
    return [];
  }

  tooLong(row: number): readonly ImportItem[] {
    const ended = this.end();
    return [...ended, { kind: 'bad', row, detail: 'the line is far too long' }];
  }

  end(): readonly ImportItem[] {
    const { endorsementKey, registrationId = null, serial = null } = this.#block;
    const row = this.#row;
    this.#block = {};
    this.#row = 0;
    this.#awaited = undefined;
    if (row === 0) return [];
    if (endorsementKey === undefined)
      return [{ kind: 'bad', row, detail: 'the endorsement key of this device is missing' }];
    return [
      {
        kind: 'row',
        row: {
          row,
          serial,
          registrationId,
          endorsementKey,
          product: null,
          workOrder: null,
          rehearsal: false,
        },
      },
    ];
  }
}

function labelOf(name: string): Label {
  const lower = name.toLowerCase();
  if (lower === 'registration id') return 'registrationId';
  return lower === 'endorsement key' ? 'endorsementKey' : 'serial';
}
