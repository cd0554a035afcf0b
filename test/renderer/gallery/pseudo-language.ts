/**
 * A language that nobody speaks, made of English: every letter with an accent, a third longer, between brackets that show
 * where a text begins and ends. What stands on the screen in plain letters did not come from a catalogue; what is cut has
 * no room for a language that needs more than English.
 */
export const pseudoLanguage = 'qps';

const accented: ReadonlyMap<string, string> = new Map(
  [...'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz'].map((letter, at) => [
    letter,
    [...'ÅåßƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀɱÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž'][at]!,
  ]),
);

/** A catalogue of it; `language` stays, because it names locales. */
export function pseudoCatalogue(texts: object): object {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, key === 'language' ? text : pseudo(text)]),
  );
}

function pseudo(text: unknown): unknown {
  if (typeof text === 'string') return pseudoText(text);
  return Object.fromEntries(Object.entries(text as object).map(([key, inner]) => [key, pseudo(inner)]));
}

/** What is put in, `{{so}}`, stays as it is. */
function pseudoText(text: string): string {
  const parts = text.split(/(\{\{.*?\}\})/);
  const letters = parts.filter((_, at) => at % 2 === 0).join('').length;
  const said = parts.map((part, at) =>
    at % 2 === 1 ? part : [...part].map(letter => accented.get(letter) ?? letter).join(''),
  );
  return `⟦${said.join('')}${'·'.repeat(Math.ceil(letters / 3))}⟧`;
}
