/**
 * The page itself: files are dropped onto it or chosen, what looks like a checkpoint is kept as one, and every file is
 * judged anew when key or checkpoints change. Everything is put in as text; nothing is sent or fetched.
 */
import type { Bytes } from './bytes.ts';
import { judgeFile } from './judge-file.ts';
import { type Language, words } from './languages.ts';
import type { Verdict } from './verdict.ts';
import { verdictCard } from './verdict-card.ts';

interface Dropped {
  readonly name: string;
  readonly bytes: Bytes;
  verdict: Verdict | 'working';
  card: HTMLElement | undefined;
}

const files: Dropped[] = [];
const notes: { readonly name: string; readonly note: string }[] = [];
let language: Language = navigator.language.startsWith('ko') ? 'ko' : 'en';
let round = 0;

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const keyField = element<HTMLTextAreaElement>('key');
const chooser = element<HTMLInputElement>('files');

/** A signed note and nothing else. */
const isNote = (text: string): boolean => /^[^\n]+\n\d+\n[A-Za-z0-9+/=]+\n\n(— [^\n]+\n)+$/u.test(text);

async function take(list: Iterable<File>): Promise<void> {
  for (const file of list) {
    const bytes = await bytesOf(file);
    if (!bytes) {
      say(`${file.name}: ${words[language].tooLarge}`);
      continue;
    }
    const text = bytes.length < 65_536 ? new TextDecoder().decode(bytes) : '';
    if (isNote(text)) notes.push({ name: file.name, note: text });
    else files.unshift({ name: file.name, bytes, verdict: 'working', card: undefined });
  }
  await judgeAll();
}

async function bytesOf(file: File): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** A later round, with another key or other checkpoints, takes the place of one that is under way. */
async function judgeAll(): Promise<void> {
  round += 1;
  const own = round;
  const given = { key: keyField.value.trim(), notes: notes.map(({ note }) => note) };
  for (const file of files) file.verdict = 'working';
  show();
  for (const file of files) {
    const verdict = await judgeFile(file.bytes, given);
    if (own !== round) return;
    file.verdict = verdict;
    const before = file.card;
    before?.replaceWith(cardOf(file));
  }
}

function say(text: string): void {
  element('said').textContent = text;
}

function show(): void {
  const w = words[language];
  document.documentElement.lang = language;
  document.title = w.title;
  for (const [id, text] of Object.entries({
    title: w.title,
    lead: w.lead,
    drop: w.drop,
    choose: w.choose,
    'key-label': w.key,
    'key-help': w.keyHelp,
    'checkpoints-label': w.checkpoints,
    'checkpoints-none': notes.length === 0 ? w.checkpointsNone : '',
    forget: w.forget,
    language: w.other,
  }))
    element(id).textContent = text;
  element('forget').hidden = notes.length === 0;
  element('checkpoints').replaceChildren(
    ...notes.map(({ name, note }) => {
      const item = document.createElement('li');
      const [origin = '', size = ''] = note.split('\n');
      item.textContent = `${name}: ${origin}, ${Number(size).toLocaleString(language)}`;
      return item;
    }),
  );
  element('verdicts').replaceChildren(...files.map(cardOf));
}

function cardOf(file: Dropped): HTMLElement {
  file.card = verdictCard(words[language], file.name, file.verdict, language);
  return file.card;
}

async function canVerify(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

chooser.addEventListener('change', () => void take([...(chooser.files ?? [])]));
element('choose').addEventListener('click', () => chooser.click());
element('language').addEventListener('click', () => {
  language = language === 'en' ? 'ko' : 'en';
  show();
});
element('forget').addEventListener('click', () => {
  notes.length = 0;
  void judgeAll();
});
keyField.addEventListener('input', () => void judgeAll());
for (const name of ['dragover', 'dragleave', 'drop'] as const)
  document.addEventListener(name, event => {
    event.preventDefault();
    element('zone').classList.toggle('over', name === 'dragover');
    if (name === 'drop') void take([...(event.dataTransfer?.files ?? [])]);
  });
show();
if (!(await canVerify())) say(words[language].unsupported);
