import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBrowser } from '../../src/host/find-browser.ts';

const only = (path: string) => (asked: string) => asked === path;

test('KEYLINE_BROWSER is taken, and nothing else when it is wrong', () => {
  const env = { KEYLINE_BROWSER: '/opt/b', PATH: '/usr/bin' };
  assert.deepEqual(
    findBrowser(env, 'linux', () => true),
    { path: '/opt/b' },
  );
  assert.deepEqual(findBrowser(env, 'linux', only('/usr/bin/chromium')), {
    path: undefined,
    lookedAt: ['/opt/b'],
  });
});

test('Linux: by name on PATH in order of preference, then snap; a relative PATH entry is not followed', () => {
  const env = { PATH: 'bin:/usr/local/bin:/usr/bin' };
  assert.deepEqual(findBrowser(env, 'linux', only('/usr/bin/chromium')), { path: '/usr/bin/chromium' });
  assert.deepEqual(findBrowser(env, 'linux', only('/snap/bin/chromium')), { path: '/snap/bin/chromium' });
  assert.deepEqual(
    findBrowser(env, 'linux', path => /bin\/(chromium|google-chrome)$/.test(path)),
    { path: '/usr/local/bin/google-chrome' },
  );
  const none = findBrowser(env, 'linux', () => false);
  assert.ok(none.path === undefined && none.lookedAt.every(path => path.startsWith('/')));
  assert.equal(none.path === undefined && none.lookedAt.length, 18);
});

test('Windows: Chrome, Edge, Chromium under each program folder that is set', () => {
  const env = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
  assert.deepEqual(findBrowser(env, 'win32', only(edge)), { path: edge });
  const chrome = 'C:\\Users\\a\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe';
  assert.deepEqual(findBrowser({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'win32', only(chrome)), {
    path: chrome,
  });
});

test('macOS: the applications of the machine and of the user', () => {
  const path = '/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
  assert.deepEqual(findBrowser({ HOME: '/Users/a' }, 'darwin', only(path)), { path });
  const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  assert.deepEqual(
    findBrowser({}, 'darwin', () => true),
    { path: chrome },
  );
});
