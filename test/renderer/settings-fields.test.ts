/** The fields of the Settings screen against the settings that the station has, and what a person types into them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldAt, fields, ofTheFile } from '../../renderer/settings/fields.ts';
import { readJsonText } from '../../renderer/settings/json-text.ts';
import { shiftsOfDay } from '../../renderer/settings/shifts-of-day.ts';
import {
  configurationJsonSchema,
  fieldsOf,
  nodeAt,
  type SchemaNode,
} from '../../src/station/settings/json-schema.ts';
import fc from '../property.ts';

describe('the fields of the Settings screen', () => {
  it('are all settings that there are, but those of the file alone', () => {
    const missing: string[] = [];
    const look = (node: SchemaNode, place: readonly (string | number)[]) => {
      for (const [name, field] of Object.entries(fieldsOf(node) ?? {})) {
        const at = [...place, name];
        if (ofTheFile.includes(at.join('.')) || fieldAt(at)) continue;
        const inner = field.items ?? field;
        if (fieldsOf(inner)) look(inner, field.items ? [...at, 0] : at);
        else if (at.join() !== 'currentProduct') missing.push(at.join('.'));
      }
    };
    look(configurationJsonSchema(), []);
    assert.deepEqual(missing, []);
  });

  it('are settings that the station knows', () => {
    for (const place of Object.keys(fields)) {
      const parts = place.split('.').map(part => (part === '*' ? 0 : part));
      assert.ok(nodeAt(parts), place);
    }
  });
});

describe('readJsonText', () => {
  it('keeps what is JSON, and says line and column of what is none', () => {
    assert.deepEqual(readJsonText(' \n'), { value: undefined });
    assert.deepEqual(readJsonText('{ "line": "3" }'), { value: { line: '3' } });
    assert.deepEqual(readJsonText('{\n  "a": 1\n  "b": 2\n}').fault, { line: 3, column: 3 });
    assert.equal(readJsonText('{ "a": ').fault, 'unfinished');
    assert.equal(readJsonText('{ "a": "').fault, 'unfinished');
  });

  it('loses nothing of what is typed', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const { value, fault } = readJsonText(text);
        if (fault !== undefined) assert.equal(value, text);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), json => {
        const { value, fault } = readJsonText(JSON.stringify(json, null, 2));
        assert.equal(fault, undefined);
        assert.equal(JSON.stringify(value), JSON.stringify(json));
      }),
    );
  });
});

describe('shiftsOfDay', () => {
  it('divides the whole day, whatever the order, and passes over what is no time yet', () => {
    assert.deepEqual(shiftsOfDay(['22:00', '06:00', '6', '14:30', '15:10', '06:00']), [
      { from: '06:00', minutes: 510 },
      { from: '14:30', minutes: 450 },
      { from: '22:00', minutes: 480 },
    ]);
    assert.deepEqual(shiftsOfDay(['07:15']), [{ from: '07:15', minutes: 1440 }]);
    assert.deepEqual(shiftsOfDay([]), []);
  });
});
