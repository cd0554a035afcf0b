/** The languages of the page. */
import type { Words } from './words.ts';
import { en } from './words-en.ts';
import { ko } from './words-ko.ts';

export type Language = 'en' | 'ko';
export const words: Readonly<Record<Language, Words>> = { en, ko };
