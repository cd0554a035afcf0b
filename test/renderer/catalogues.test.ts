/** What types cannot hold of the catalogues: placeholders, plural forms, and that no text is empty or left in English. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { formatFor } from '../../renderer/messages/format.ts';
import { ko } from '../../renderer/messages/ko.ts';

const catalogues = { en, ko } as const;

function textsOf(node: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(node))
    if (typeof value === 'string') found.set(`${path}/${key}`, value);
    else for (const [inner, text] of textsOf(value, `${path}/${key}`)) found.set(inner, text);
  return found;
}

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

for (const [language, catalogue] of Object.entries(catalogues))
  describe(`catalogue ${language}`, () => {
    const texts = textsOf(catalogue);
    const english = textsOf(en);

    test('puts the same values into each text as English does', () => {
      for (const [path, text] of texts) {
        const standard = english.get(path) ?? english.get(path.replace(/_\w+$/, '_other'));
        assert.deepEqual(placeholders(text), placeholders(standard ?? ''), path);
      }
    });

    test('has every plural form that its language uses', () => {
      const forms = new Intl.PluralRules(catalogue.language.locale).resolvedOptions().pluralCategories;
      for (const path of [...texts.keys()].filter(name => name.endsWith('_other')))
        for (const form of forms) assert.ok(texts.has(path.replace(/other$/, form)), `${path}: ${form}`);
    });

    test('speaks calmly: no empty text, no exclamation, no "please", no "error occurred"', () => {
      for (const [path, text] of texts) assert.doesNotMatch(text, /^\s*$|!|please|error occurred/i, path);
    });

    test('says in each card what happened and what to do, each in whole sentences', () => {
      for (const [path, text] of texts)
        if (/^\/(verdict|warning|dps|scan|refusal|access|desk|cause|call|fault)\/.*\/(what|do)$/.test(path))
          assert.match(text, /[.?]$/, path);
    });
  });

test('says whom to call in each card for what a TPM or its bridge did', () => {
  const whom = { en: /call (a supervisor|an engineer)/i, ko: /(관리자|엔지니어)를 부르세요/ };
  for (const [language, catalogue] of Object.entries(catalogues))
    for (const [code, card] of Object.entries(catalogue.verdict))
      if (/^(bridge|tpm|hierarchy)-/.test(code))
        assert.match(card.do, whom[language as keyof typeof whom], `${language} ${code}`);
});

describe('catalogue ko', () => {
  test('leaves no card in English', () => {
    for (const [path, text] of textsOf(ko.verdict)) assert.match(text, /[가-힣]/, path);
  });

  test('puts no particle that depends on sound after a value', () => {
    for (const [path, text] of textsOf(ko)) assert.doesNotMatch(text, /\}\}[은는이가을를과와]( |$)/, path);
  });
});

describe('formatFor', () => {
  const at = new Date(2026, 10, 21, 14, 7, 5).getTime();

  test('writes times in 24 hours, shares with one digit, ages in the largest whole unit', () => {
    const english = formatFor('en');
    assert.equal(english.clock(at), '14:07');
    assert.equal(english.share(0.989), '98.9%');
    assert.deepEqual(
      [english.age(41 * 60_000), english.age(-1), english.age(3 * 3_600_000)],
      ['41 min', '0 min', '3 hr'],
    );
    assert.deepEqual([english.duration(31), english.duration(1240)], ['31 ms', '1.2\u00a0s']);
  });

  test('writes Korean as Korean', () => {
    const korean = formatFor('ko-KR');
    assert.equal(korean.age(41 * 60_000), '41분');
    assert.equal(korean.duration(1240), '1.2초');
  });
});
