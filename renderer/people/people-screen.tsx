/** The People screen: everybody who may sign in as one table, and the form for one more. For supervisors. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '../../src/api/contract.ts';
import { FirstSupervisor } from '../frame/first-supervisor.tsx';
import { InHeader } from '../frame/in-header.tsx';
import { PinDialog } from '../frame/pin-dialog.tsx';
import type { ScreenProps } from '../frame/screen.ts';
import { type CardName, callCard, refusalCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { NoticeBar } from '../parts/notice.tsx';
import { PeopleTable } from './people-table.tsx';
import { PersonForm } from './person-form.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import './people.css';

type Open = { readonly kind: 'pin' | 'remove'; readonly person: PersonView } | 'first';

export function PeopleScreen({ session, view, lost }: ScreenProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [people, setPeople] = useState<readonly PersonView[]>();
  const [refused, setRefused] = useState<CardName>();
  const [said, setSaid] = useState('');
  const [open, setOpen] = useState<Open>();
  const asks = view.who !== undefined;
  const load = useCallback(async () => {
    try {
      const answer = await session.listPeople();
      if (answer.ok) setPeople(answer.people);
      setRefused(answer.ok ? undefined : refusalCard(answer.code));
    } catch (error) {
      setRefused(callCard(error));
    }
  }, [session]);
  useEffect(() => {
    if (asks && !lost) void load();
  }, [asks, lost, load]);
  const close = () => setOpen(undefined);

  if (!asks)
    return (
      <main className="people people-none">
        <h2>{t('first/none')}</h2>
        <p>{t('first/what')}</p>
        <button type="button" className="button button-main" disabled={lost} onClick={() => setOpen('first')}>
          {t('first/make')}
        </button>
        {open === 'first' && <FirstSupervisor session={session} view={view} onClose={close} />}
      </main>
    );
  return (
    <main className="people">
      <InHeader place="words">
        {refused && <NoticeBar notice={{ card: refused }} onClose={() => setRefused(undefined)} />}
      </InHeader>
      <section className="people-all" aria-labelledby="people-all">
        <h2 id="people-all">
          {people
            ? t('people/count', { count: people.length, formatted: format.number(people.length) })
            : '…'}
        </h2>
        <p className="people-said" role="status">
          {said}
        </p>
        <PeopleTable
          people={people ?? []}
          disabled={lost}
          onPin={person => setOpen({ kind: 'pin', person })}
          onRemove={person => setOpen({ kind: 'remove', person })}
        />
      </section>
      <section className="people-one" aria-labelledby="people-one">
        <h2 id="people-one">{t('people/add')}</h2>
        <PersonForm
          roles={['operator', 'supervisor', 'engineer', 'auditor']}
          take={t('people/add')}
          badgePrefix={view.station.badgePrefix}
          disabled={lost}
          onTake={async person => {
            const answer = await session.addPerson(person);
            if (!answer.ok) return refusalCard(answer.code);
            setSaid(t('people/added', { name: answer.person.name }));
            await load();
            return undefined;
          }}
        />
      </section>
      {typeof open === 'object' && open.kind === 'pin' && (
        <PinDialog
          title={t('people/setPinOf', { name: open.person.name })}
          steps={['new', 'again']}
          take={t('pin/set')}
          onPins={async ({ new: pin }) => {
            const answer = await session.setPersonPin({ id: open.person.id, pin: pin! });
            if (!answer.ok) return { card: refusalCard(answer.code) };
            setSaid(t('people/pinSet', { name: open.person.name }));
            close();
            await load();
            return undefined;
          }}
          onClose={close}
        />
      )}
      {typeof open === 'object' && open.kind === 'remove' && (
        <RemoveDialog
          person={open.person}
          onRemove={async () => {
            const answer = await session.removePerson({ id: open.person.id });
            if (!answer.ok) return refusalCard(answer.code);
            setSaid(t('people/removed', { name: open.person.name }));
            close();
            await load();
            return undefined;
          }}
          onClose={close}
        />
      )}
    </main>
  );
}
