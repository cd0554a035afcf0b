/** One bulk request and each of its answers, where the emulator has no way to give that answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DpsError } from '../../src/dps/errors.ts';
import type { BulkAnswer, EnrollmentDocument } from '../../src/dps/service.ts';
import { DrainDesk } from '../../src/outbox/drain-desk.ts';
import { sendBatch } from '../../src/outbox/send.ts';
import type { CreateEntry, OutboxEntry } from '../../src/outbox/store.ts';
import { makeEntries } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';
import { ScriptedService } from './scripted-service.ts';

type Answer = (documents: readonly EnrollmentDocument[], rest: ScriptedService) => Promise<BulkAnswer>;

class Answering extends ScriptedService {
  readonly sizes: number[] = [];
  readonly #answer: Answer;

  constructor(answer: Answer) {
    super([]);
    this.#answer = answer;
  }

  override async createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    this.sizes.push(documents.length);
    return this.#answer(documents, this);
  }

  /** As a sound service would. */
  create(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    return super.createMany(documents);
  }
}

interface Sent {
  readonly states: readonly string[];
  readonly service: Answering;
  readonly error: unknown;
  readonly store: MemoryStore;
}

async function send(entries: readonly OutboxEntry[], answer: Answer): Promise<Sent> {
  const store = new MemoryStore(entries);
  const service = new Answering(answer);
  const timing = new ManualTiming();
  const desk = new DrainDesk({ store, service, timing });
  const taken = desk.readable(store.take(10, timing.now()));
  const error = await sendBatch(taken as readonly CreateEntry[], desk).catch((fault: unknown) => fault);
  desk.store.endRound();
  return { states: entries.map(({ entryId }) => store.row(entryId).state), service, error, store };
}

const names = (documents: readonly EnrollmentDocument[], entry: OutboxEntry) =>
  documents.some(document => document.registrationId === entry.registrationId);
const itemError = (entry: OutboxEntry, errorCode: number) => ({
  registrationId: entry.registrationId,
  errorCode,
  errorStatus: 'said',
});
const badRequest = () => new DpsError('rejected', 'bad', { status: 400, errorCode: 400004 });

describe('sendBatch', () => {
  it('O4 finds the bad entry of a request that is refused as a whole, by sending one at a time', async () => {
    const entries = makeEntries(10);
    const bad = entries[6]!;
    const { states, service } = await send(entries, async (documents, rest) => {
      if (names(documents, bad)) throw badRequest();
      return (rest as Answering).create(documents);
    });
    assert.deepEqual(service.sizes, [10, ...Array(10).fill(1)]);
    assert.deepEqual(
      states,
      entries.map(entry => (entry === bad ? 'quarantined' : 'enrolled')),
    );
  });

  it('O3 a fault while sending one at a time: behind it nothing was sent, and that one is not known', async () => {
    const entries = makeEntries(4);
    const { states, error } = await send(entries, async (documents, rest) => {
      if (documents.length > 1) throw badRequest();
      if (names(documents, entries[1]!)) throw new DpsError('timeout', 'late');
      return (rest as Answering).create(documents);
    });
    assert.deepEqual(states, ['enrolled', 'sending', 'queued', 'queued']);
    assert.equal((error as DpsError).code, 'timeout');
  });

  it('O2 a whole request refused because the id exists is a question, not a verdict', async () => {
    const [entry] = makeEntries(1);
    const { states } = await send([entry!], async (documents, rest) => {
      await (rest as Answering).create(documents);
      throw new DpsError('rejected', 'exists', { status: 409, errorCode: 409201 });
    });
    assert.deepEqual(states, ['enrolled']);
  });

  it('O2 O5 reads each item error by its own meaning, and asks about the rest', async () => {
    const entries = makeEntries(6);
    const [exists, refused, throttled, broken, unnamedThere, unnamedAbsent] = entries as [
      CreateEntry,
      CreateEntry,
      CreateEntry,
      CreateEntry,
      CreateEntry,
      CreateEntry,
    ];
    const { states, error, store } = await send(entries, async (_, rest) => {
      await (rest as Answering).create([exists.document, unnamedThere.document]);
      return {
        isSuccessful: false,
        errors: [
          itemError(exists, 409201),
          itemError(refused, 400004),
          itemError(throttled, 429001),
          itemError(broken, 500001),
        ],
      };
    });
    assert.deepEqual(states, ['enrolled', 'quarantined', 'queued', 'queued', 'enrolled', 'queued']);
    assert.equal((error as DpsError).code, 'throttled');
    assert.equal(store.row(unnamedAbsent.entryId).acknowledgements, 0);
  });

  it('O3 believes no success that names an error, and no failure that names none', async () => {
    const entries = makeEntries(2);
    for (const isSuccessful of [true, false]) {
      const errors = isSuccessful ? [itemError(entries[0]!, 409201)] : [];
      const { states } = await send(entries, async () => ({ isSuccessful, errors }));
      assert.deepEqual(states, ['queued', 'queued'], 'asked, and not there');
    }
  });

  it('hands on what is no answer of DPS, and leaves the entries to be asked about', async () => {
    const { states, error } = await send(makeEntries(2), async () => {
      throw new TypeError('a defect');
    });
    assert.deepEqual([states, error instanceof TypeError], [['sending', 'sending'], true]);
  });
});
