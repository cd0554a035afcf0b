import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isGtin, readLabel } from '../../src/enrollment/device-label.ts';
import fc from '../property.ts';

const GS = '\u001d';
const gtin = '09506000134352';
const serials = fc.stringMatching(/^[!"%-?A-Z_a-z]{1,20}$/);

const serialOf = (text: string, product?: string) => {
  const read = readLabel(text, product);
  return read.kind === 'fault' ? read.code : `${read.kind} ${read.serial}`;
};

describe('readLabel', () => {
  it('H10 takes what is no GS1 data as it stands', () => {
    for (const text of [
      'SN-0001',
      '0123456789',
      '21ABC',
      '0109506000134352',
      'https://plant.example/01',
      ']C0SN-1',
      '',
    ])
      assert.equal(serialOf(text), `plain ${text}`);
  });

  it('H10 finds the serial among the elements, under every symbology, wherever it stands', () => {
    for (const identifier of [']C1', ']e0', ']d2', ']Q3', ']J1']) {
      assert.equal(serialOf(`${identifier}01${gtin}21SN-7`), 'gs1 SN-7');
      assert.equal(serialOf(`${identifier}21SN-7${GS}01${gtin}`), 'gs1 SN-7');
      assert.equal(serialOf(`${identifier}${GS}01${gtin}1126112210LOT${GS}21SN-7`), 'gs1 SN-7');
    }
    // Elements that need no separator, of each length, before it; and one that has one all the same.
    assert.equal(serialOf(`]d2${`3103${'000125'}`}${`410${'9506000134352'}`}20${'05'}21SN-7`), 'gs1 SN-7');
    assert.equal(serialOf(`]d201${gtin}${GS}21SN-7`), 'gs1 SN-7');
    assert.equal(serialOf(`]d2240PART/1${GS}8008${'261122101112'}${GS}21SN-7`), 'gs1 SN-7');
  });

  it('H10 knows GS1 data without an identifier by their separator, or by the product that is made', () => {
    assert.equal(serialOf(`21SN-7${GS}10LOT`), 'gs1 SN-7');
    assert.equal(serialOf(`01${gtin}21SN-7`, gtin), 'gs1 SN-7');
    assert.equal(serialOf(`01${gtin}21SN-7`), `plain 01${gtin}21SN-7`);
  });

  it('H10 reads a GS1 Digital Link, of any domain', () => {
    assert.equal(serialOf(`https://id.gs1.org/01/${gtin}/21/SN-7`), 'gs1 SN-7');
    assert.equal(serialOf(`HTTPS://plant.example/x/01/9506000134352/10/L1/21/SN%2F7?17=261122`), 'gs1 SN/7');
    assert.equal(serialOf(`https://id.gs1.org/01/${gtin}`), 'label-without-serial');
    assert.equal(serialOf(`https://id.gs1.org/01/${gtin}/21/SN%F`), 'label-unreadable');
    assert.equal(serialOf('https://id.gs1.org/01/09506000134353/21/SN-7'), 'label-unreadable');
  });

  it('H10 refuses the label of another product, and one without a serial', () => {
    assert.equal(serialOf(`]d201${gtin}21SN-7`, '04012345000009'), 'label-other-product');
    assert.equal(serialOf(`]d201${gtin}21SN-7`, gtin), 'gs1 SN-7');
    assert.equal(serialOf(`]d201${gtin}10LOT`), 'label-without-serial');
  });

  it('H10 guesses nothing where a scanner lost or doubled characters', () => {
    for (const text of [
      ']d2', // nothing
      `]d201${gtin.slice(0, 13)}`, // breaks off
      `]d201${gtin.slice(0, 13)}121SN-7`, // a lost digit: the check digit does not fit
      `]d201${gtin}21`, // an empty serial
      `]d201${gtin}21SN-7${GS}21SN-8`, // twice
      `]d201${gtin}21${'x'.repeat(21)}`, // too long: a separator was lost
      `]d201${gtin}21SN 7`, // a character that no serial has
      `]d288SN-7`, // no such identifier
      `]d2SN-7`,
      `${GS}${GS}21SN-7`,
    ])
      assert.equal(serialOf(text), 'label-unreadable', JSON.stringify(text));
  });

  it('H10 any serial in any order of elements is read again, or nothing is', () => {
    const element = fc.oneof(
      fc.constant({ text: `01${gtin}`, fixed: true }),
      fc.constant({ text: '11261122', fixed: true }),
      serials.map(lot => ({ text: `10${lot}`, fixed: false })),
      serials.map(part => ({ text: `240${part}`, fixed: false })),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(element, { selector: ({ text }) => text.slice(0, 2), maxLength: 4 }),
        serials,
        fc.nat(4),
        (others, serial, place) => {
          const all = [...others];
          all.splice(Math.min(place, all.length), 0, { text: `21${serial}`, fixed: false });
          const text = all
            .map(({ text, fixed }, at) => text + (fixed || at === all.length - 1 ? '' : GS))
            .join('');
          assert.equal(serialOf(`]d2${text}`), `gs1 ${serial}`);
        },
      ),
    );
  });

  it('whatever the text, it is read or refused', () => {
    const hostile = fc.array(
      fc.oneof(fc.constantFrom(']d2', GS, '01', '21', gtin, '/', 'https://a/01/', '%'), fc.string()),
    );
    fc.assert(
      fc.property(hostile, parts => {
        const read = readLabel(parts.join(''), gtin);
        if (read.kind === 'gs1') assert.match(read.serial, /^[!"%-?A-Z_a-z]{1,20}$/);
        if (read.kind === 'plain') assert.equal(read.serial, parts.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('knows a GTIN by its check digit', () => {
    assert.equal(isGtin(gtin), true);
    for (const text of ['09506000134353', '9506000134352', '', '0950600013435x'])
      assert.equal(isGtin(text), false);
  });
});
