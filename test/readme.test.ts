/** What README.md says must be so: its configuration loads, its commands exist, its links lead somewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '../src/station/configuration/load-configuration.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

describe('README.md', () => {
  it('shows a configuration that loads', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keyline-readme-'));
    const [, json] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
    const file = path.join(folder, 'keyline.json');
    writeFileSync(file, json!);
    assert.equal(loadConfiguration(file).fixtures.length, 2);
    rmSync(folder, { recursive: true });
  });

  it('names only commands and scripts that exist', () => {
    const help = execFileSync(path.join(root, 'keyline'), ['--help'], { encoding: 'utf8' });
    const commands = [...readme.matchAll(/\.\/keyline ([a-z-]+)/g)].map(match => match[1]!);
    assert.ok(commands.length > 5);
    for (const command of commands)
      if (!command.startsWith('--')) assert.match(help, new RegExp(`^  ${command}\\b`, 'm'), command);
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    for (const [, script = ''] of readme.matchAll(/npm run ([a-z:]+)/g)) assert.ok(scripts[script], script);
  });
});

describe('every README', () => {
  for (const file of globSync('{*.md,{src,db,electron,renderer,test}/**/*.md}', { cwd: root }))
    it(`${file} links only to what is there`, () => {
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^https?:/.test(link)) continue;
        assert.ok(existsSync(path.join(root, path.dirname(file), link)), link);
      }
    });
});
