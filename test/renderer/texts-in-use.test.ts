/**
 * Every text of the catalogues is asked for by some screen; one that no screen can show is dead weight in each language.
 * The screens are read as text: a key stands there whole, or as a template that has its groups. Cards are looked up by
 * codes whose types hold which ones there are.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';

const renderer = path.join(import.meta.dirname, '../../renderer');
const catalogues = /^messages.(en|ko)\.ts$/;

function screens(): string {
  return readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !catalogues.test(file))
    .map(file => readFileSync(path.join(renderer, file), 'utf8'))
    .join('\n');
}

type Texts = string | { readonly [key: string]: Texts };

const isCard = (node: Texts) => typeof node === 'object' && Object.keys(node).join() === 'title,what,do';

function* keysOf(node: Texts, at: readonly string[] = []): Generator<string> {
  if (typeof node === 'string') yield at.join('/').replace(/_(one|other)$/, '');
  else if (at.length === 2 && isCard(node)) return;
  else for (const [key, inner] of Object.entries(node)) yield* keysOf(inner, [...at, key]);
}

test('every text is one that some screen shows', () => {
  const source = screens();
  const whole = new Set([...source.matchAll(/['"`]([\w/-]+)['"`]/g)].map(([, key]) => key));
  const templates = [...source.matchAll(/`([^`]*\$\{[^`]*)`/g)]
    .map(([, text]) => text!.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '\0'))
    .filter(text => /^\w+\/[\w/\0-]+$/.test(text))
    .map(text => new RegExp(`^${text.replaceAll('\0', '[^/]+')}$`));
  const cards = Object.values(en).filter(group => Object.values(group).every(isCard));
  assert.ok(cards.length > 5 && templates.length > 50, 'the screens were read');
  const unused = [...new Set(keysOf(en))].filter(
    key => !whole.has(key) && !templates.some(template => template.test(key)),
  );
  // A card that stands by itself, and a language's own facts, are read as a whole.
  assert.deepEqual(
    unused.filter(key => !/^(notHere|noFixtures|unterminated|language)\//.test(key)),
    [],
  );
});
