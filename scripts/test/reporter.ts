/**
 * Node's spec reporter, with the skipped tests and their reasons listed once more before the closing counts, so that
 * nothing is skipped in silence and the counts stay the last lines of a passing run.
 */
import { Readable } from 'node:stream';
import type { TestEvent } from 'node:test/reporters';
import { spec } from 'node:test/reporters';

const closingCounts = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  yield* Readable.from(withSkipped(events)).compose(new spec());
}

async function* withSkipped(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const skipped: string[] = [];
  const closing: TestEvent[] = [];
  for await (const event of events) {
    if ((event.type === 'test:pass' || event.type === 'test:fail') && event.data.skip !== undefined) {
      const reason = typeof event.data.skip === 'string' ? event.data.skip : '';
      skipped.push(`  ${event.data.name}: ${reason || 'NO REASON GIVEN'}\n`);
    }
    if (
      event.type === 'test:diagnostic' &&
      event.data.nesting === 0 &&
      closingCounts.test(event.data.message)
    ) {
      closing.push(event);
    } else yield event;
  }
  if (skipped.length > 0) {
    yield { type: 'test:stdout', data: { file: '', message: `\nSkipped:\n${skipped.join('')}\n` } };
  }
  yield* closing;
}
