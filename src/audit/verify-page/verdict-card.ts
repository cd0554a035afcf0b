/** One file's verdict as a card: word and shape first, then what it means, then the facts to compare. */
import type { Proved, Verdict } from './verdict.ts';
import type { Words } from './words.ts';

/** Tick, double tick, seal, octagon: the shape alone tells them apart. */
const shapes = {
  intact: 'M5 13l5 5 9-11',
  signed: 'M2 13l5 5 8-10 M11 17l1 1 9-11',
  witnessed: 'M12 2l8 3v6c0 5-3 9-8 11-5-2-8-6-8-11V5z M8 12l3 3 5-6',
  bad: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z M8 8l8 8 M16 8l-8 8',
  working: 'M12 3a9 9 0 1 1-9 9',
} as const;

export function verdictCard(
  w: Words,
  name: string,
  verdict: Verdict | 'working',
  language: string,
): HTMLElement {
  const card = document.createElement('article');
  const state = verdict === 'working' ? 'working' : verdict.ok ? verdict.level : 'bad';
  card.className = `card ${state}`;
  card.dataset.state = verdict === 'working' || verdict.ok ? state : verdict.problem;
  const word =
    verdict === 'working'
      ? w.working
      : verdict.ok
        ? w.level[verdict.level]
        : verdict.problem === 'not-an-export'
          ? w.notEvidence
          : w.notIntact;
  const heading = text('h2', word);
  heading.prepend(shape(shapes[state]));
  card.append(heading, text('p', name, 'file'));
  if (verdict === 'working') return card;
  if (!verdict.ok) {
    card.append(text('p', w.problem[verdict.problem]));
    if (verdict.index !== undefined) card.append(text('p', w.at(verdict.index)));
    if (verdict.problem !== 'not-an-export') card.append(text('p', w.remedy));
    card.append(text('p', verdict.problem, 'code'));
    return card;
  }
  if (verdict.extends === undefined) card.append(text('p', w.means[verdict.level]));
  else card.append(text('p', w.extends(verdict.size, verdict.extends)), text('p', w.signer[verdict.level]));
  if (verdict.level === 'witnessed' && verdict.extends === undefined && verdict.witnessedUpTo < verdict.size)
    card.append(text('p', w.beyond(verdict.witnessedUpTo)));
  if (verdict.rehearsal) card.append(text('p', w.rehearsal, 'rehearsal'));
  card.append(factsOf(w, verdict, language));
  return card;
}

function factsOf(w: Words, proved: Proved, language: string): HTMLElement {
  const list = document.createElement('dl');
  const add = (name: string, ...values: readonly string[]) => {
    list.append(text('dt', name), ...values.map(value => text('dd', value)));
  };
  const { device, claims } = proved;
  if (device) {
    add(w.facts.serial, device.serial ?? '–');
    add(w.facts.registrationId, device.registrationId);
    add(w.facts.ek, device.ekSha256);
  }
  if (claims && claims.length > 0) {
    const time = new Intl.DateTimeFormat(language, {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: 'UTC',
    });
    add(
      w.facts.proved,
      ...claims.map(
        ({ what, at, index }) => `${w.claim[what] ?? what} · ${time.format(new Date(at))} UTC · ${index}`,
      ),
    );
  }
  add(w.facts.origin, proved.origin);
  add(
    w.facts.entries,
    proved.extends === undefined ? w.entries(proved.entries, proved.withheld) : w.entries(proved.size, 0),
  );
  add(w.facts.root, proved.root);
  add(w.facts.key, proved.key);
  return list;
}

function text(tag: string, content: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = content;
  if (className !== '') made.className = className;
  return made;
}

function shape(path: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(space, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
