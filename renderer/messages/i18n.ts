/**
 * The languages that lie in this folder, and the one on the screen. A file named as a BCP 47 tag (en.ts, ko.ts) that
 * exports a catalogue of that name is a language: adding one is adding the file.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Catalogue } from './catalogue.ts';
import type { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: '/';
    returnNull: false;
    resources: { translation: typeof en };
  }
}

const files = import.meta.glob<Record<string, Catalogue>>(['./??.ts', './??-*.ts'], { eager: true });

export const languages: ReadonlyMap<string, Catalogue> = new Map(
  Object.entries(files).map(([file, exported]) => {
    const tag = file.slice(2, -3);
    return [tag, exported[tag.replaceAll('-', '_')]!];
  }),
);

/** The language after this one: a switch for two, a round for more. */
export function languageAfter(tag: string): string {
  const tags = [...languages.keys()];
  return tags[(tags.indexOf(tag) + 1) % tags.length]!;
}

export function startLanguages(tag: string) {
  i18next.on('languageChanged', chosen => {
    document.documentElement.lang = chosen;
  });
  return i18next.use(initReactI18next).init({
    lng: tag,
    fallbackLng: 'en',
    // Codes such as tpm-not-2.0 hold the usual separators.
    keySeparator: '/',
    nsSeparator: false,
    resources: Object.fromEntries([...languages].map(([name, texts]) => [name, { translation: texts }])),
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}
