/**
 * The certificate of a lot as one HTML page for A4 and Letter: nothing in it is fetched, and everything that came from a
 * device or a person is escaped. The exceptions come last and as a stream, so that a bad lot of a million needs no memory.
 */
import { renderSVG } from 'uqr';
import {
  type Incomplete,
  type LotEvidence,
  type LotException,
  type LotFacts,
  whyIncomplete,
} from './lot-facts.ts';
import { pacePlot, yieldPlot } from './lot-plots.ts';
import { lotStyle } from './lot-style.ts';
import type { LotWords } from './lot-words.ts';

/** Yields text. */
export function* lotPage(
  w: LotWords,
  facts: LotFacts,
  evidence: LotEvidence,
  exceptions: Iterable<LotException>,
): Generator<string, void, undefined> {
  const why = whyIncomplete(facts);
  const title = `${w.title} ${facts.workOrder}`;
  yield `<!doctype html>
<html lang="${w.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${lotStyle}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1>${verdict(w, why)}</header>
`;
  if (facts.rehearsal) yield `<p class="rehearsal">${escaped(w.rehearsal)}</p>\n`;
  if (why.length > 0)
    yield `<ul class="why">${why.map(reason => `<li>${escaped(reasonOf(w, reason))}</li>`).join('')}</ul>\n`;
  yield balance(w, facts);
  yield about(w, facts);
  yield plots(w, facts);
  yield signatures(w);
  yield evidenceOf(w, evidence);
  yield* listOf(w, exceptions);
  yield '</body>\n</html>\n';
}

function verdict(w: LotWords, why: readonly Incomplete[]): string {
  const complete = why.length === 0;
  const shape = complete ? 'M4 13l6 6L21 5' : 'M5 5l14 14M19 5L5 19';
  return `<p class="verdict ${complete ? 'complete' : 'incomplete'}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${shape}"/></svg>${escaped(complete ? w.complete : w.incomplete)}</p>`;
}

function reasonOf(w: LotWords, reason: Incomplete): string {
  return w.because[reason.why]('count' in reason ? number(w, reason.count) : '');
}

/** ordered = devices = enrolled, and the exceptions. */
function balance(w: LotWords, facts: LotFacts): string {
  const { ordered, harvested, imported, enrolled, neverPassed, retired, certificateRevoked } = facts;
  const made = harvested + imported;
  const cell = (name: string, value: string) => `<div><b>${value}</b><span>${escaped(name)}</span></div>`;
  return `<section class="balance">${cell(w.facts.ordered, ordered === undefined ? '–' : number(w, ordered))}<i>${ordered === made ? '=' : '≠'}</i>${cell(w.facts.made, number(w, made))}<i>${made === enrolled ? '=' : '≠'}</i>${cell(w.facts.enrolled, number(w, enrolled))}${cell(w.facts.exceptions, number(w, neverPassed + retired + made - enrolled + certificateRevoked))}</section>\n`;
}

function about(w: LotWords, facts: LotFacts): string {
  const passed = facts.passedAtFirst + facts.passedLater;
  const tried = passed + facts.neverPassed;
  const states = Object.entries(facts.notEnrolled).map(([state, count]) => `${number(w, count)} ${state}`);
  const rows: (readonly [string, string] | false)[] = [
    [w.facts.workOrder, facts.workOrder],
    [w.facts.product, facts.products.join(', ')],
    [w.facts.station, `${facts.station.name}, ${facts.station.line}`],
    [w.facts.madeAt, time(facts.madeAt)],
    facts.from !== undefined &&
      facts.to !== undefined && [w.facts.span, `${time(facts.from)} – ${time(facts.to)}`],
    [w.facts.harvested, number(w, facts.harvested)],
    [w.facts.imported, number(w, facts.imported)],
    [w.facts.notEnrolled, states.length > 0 ? states.join(', ') : '0'],
    [w.facts.neverPassed, number(w, facts.neverPassed)],
    [w.facts.retired, number(w, facts.retired)],
    [w.facts.debt, number(w, facts.certificateDebt)],
    [w.facts.attempts, number(w, facts.attempts)],
    tried > 0 && [
      w.facts.firstPass,
      `${number(w, facts.passedAtFirst)} (${percent(w, facts.passedAtFirst / tried)})`,
    ],
  ];
  const list = rows
    .filter(row => row !== false)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  return `<dl>${list.join('')}</dl>\n`;
}

function plots(w: LotWords, { buckets }: LotFacts): string {
  const [one, next] = buckets;
  if (!one) return '';
  const minutes = number(w, next ? Math.round((next.from - one.from) / 60_000) : 15);
  const label = (name: string) => escaped(`${name}, ${w.perBar(minutes)}`);
  return `<section class="plots"><figure>${pacePlot(buckets, label(w.pace))}<figcaption>${label(w.pace)}</figcaption></figure><figure>${yieldPlot(buckets, label(w.yield))}<figcaption>${label(w.yield)}</figcaption></figure></section>\n`;
}

function signatures(w: LotWords): string {
  const block = (who: string) =>
    `<div><h2>${escaped(who)}</h2>${w.signatureFields.map(field => `<p><span>${escaped(field)}</span></p>`).join('')}</div>`;
  return `<section class="signatures">${w.signatures.map(block).join('')}</section>\n`;
}

function evidenceOf(w: LotWords, { checkpoint, verifierKey, keyline }: LotEvidence): string {
  const code = renderSVG(checkpoint, { border: 2, ecc: 'M' });
  return `<section class="evidence"><div class="qr" role="img" aria-label="${escaped(w.checkpoint)}">${code}</div><div><h2>${escaped(w.evidence)}</h2><p>${escaped(w.evidenceHow)}</p><h3>${escaped(w.checkpoint)}</h3><pre>${escaped(checkpoint)}</pre><h3>${escaped(w.key)}</h3><pre>${escaped(verifierKey)}</pre><p>${escaped(w.meaning)}</p><p>Keyline ${escaped(keyline)}</p></div></section>\n`;
}

function* listOf(w: LotWords, exceptions: Iterable<LotException>): Generator<string, void, undefined> {
  yield `<section class="list"><h2>${escaped(w.list)}</h2>\n`;
  let any = false;
  for (const { kind, serial, registrationId, why, at } of exceptions) {
    if (!any)
      yield `<table><thead><tr>${w.columns.map(name => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead><tbody>\n`;
    any = true;
    yield `<tr><td>${escaped(w.kind[kind])}</td><td>${escaped(serial ?? registrationId ?? '–')}</td><td>${escaped(why)}</td><td>${time(at)}</td></tr>\n`;
  }
  yield any ? '</tbody></table></section>\n' : `<p>${escaped(w.none)}</p></section>\n`;
}

const number = (w: LotWords, value: number): string => value.toLocaleString(w.language);
const percent = (w: LotWords, share: number): string =>
  share.toLocaleString(w.language, { style: 'percent', maximumFractionDigits: 1 });
/** UTC, to the second. */
const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, character => entities[character]!);
