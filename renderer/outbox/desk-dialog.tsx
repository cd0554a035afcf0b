/** One entry at the conflict desk: the likely cause, ours against DPS, what can be decided, and what follows from it before it is done. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  DeskRefusal,
  DrainAct,
  EntryComparison,
  QueueEntry,
  StationView,
} from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard, refusalCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Attention } from '../parts/attention.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Done } from '../parts/done.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { AgainstDps } from './against-dps.tsx';
import { type Choice, type ChoiceName, choicesOf } from './choices.ts';
import { useEased } from './use-eased.ts';
import '../parts/desk.css';

interface DeskDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly entry: QueueEntry;
  readonly lost: boolean;
  readonly onClose: () => void;
}

export function DeskDialog({ session, view, entry, lost, onClose }: DeskDialogProps) {
  const { t } = useTranslation();
  const [comparison, setComparison] = useState<EntryComparison>();
  const [choice, setChoice] = useState<Choice>();
  const [done, setDone] = useState<string>();
  const [refusal, setRefusal] = useState<CardName>();
  const [busy, setBusy] = useState(false);

  /** Its place in the queue may change while somebody looks; what they are about to decide on does not. */
  useEased(1_000, view.outbox, () => {
    if (choice || done) return;
    session.compareEntry({ entry: entry.entryId }).then(
      answer => (answer.ok ? setComparison(answer.comparison) : setRefusal(refusalCard(answer.code))),
      error => setRefusal(callCard(error)),
    );
  });

  const carryOut = async ({ name }: Choice, act: DrainAct) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const answer = await ask(session, entry, name, act);
      if (answer.ok) setDone(t(`outbox/desk/done/${name}`, { registrationId: answer.registrationId }));
      else setRefusal(refusalCard(answer.code));
    } catch (error) {
      setRefusal(callCard(error));
    } finally {
      setBusy(false);
    }
  };
  const serial = entry.serial ?? t('outbox/noSerial');
  return (
    <Dialog title={t('outbox/desk/entry', { serial })} onClose={onClose} className="desk">
      <div className="desk-body">
        <div className="desk-facts">
          {comparison && <Cause comparison={comparison} />}
          {comparison?.entry.state === 'conflict' && <AgainstDps fields={comparison.fields} />}
          {comparison && <EntryFacts entry={comparison.entry} />}
        </div>
        <div className="desk-side">
          {done !== undefined ? (
            <Done text={done} onClose={onClose} />
          ) : choice ? (
            <ActForm
              effect={t(`outbox/desk/effect/${choice.effect}`)}
              roles={choice.roles}
              who={view.who}
              badgePrefix={view.station.badgePrefix}
              reasons={(['label', 'board', 'tested', 'checked'] as const).map(each =>
                t(`outbox/desk/reasons/${each}`),
              )}
              label={t(`outbox/desk/choice/${choice.name}`)}
              refusal={refusal}
              busy={busy || lost}
              onDo={act => void carryOut(choice, act)}
              onBack={() => {
                setRefusal(undefined);
                setChoice(undefined);
              }}
            />
          ) : (
            <>
              {refusal && <Refusal name={refusal} />}
              {comparison && <Choices comparison={comparison} lost={lost} onChoose={setChoice} />}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

type Asked = { readonly ok: true; readonly registrationId: string } | DeskRefusal;

async function ask(
  session: Session,
  { entryId, registrationId }: QueueEntry,
  name: ChoiceName,
  { reason, by }: DrainAct,
): Promise<Asked> {
  if (name === 'retry') {
    const answer = await session.retryEntry({ entry: entryId });
    return answer.ok ? { ok: true, registrationId } : answer;
  }
  const answer = await session.resolveEntry({ entry: entryId, decision: name, reason, ...(by && { by }) });
  return answer.ok ? { ok: true, registrationId: answer.resolution.registrationId } : answer;
}

function Cause({ comparison: { cause } }: { comparison: EntryComparison }) {
  const card = useCard();
  if (!cause) return null;
  const { title, what, do: now } = card(`cause/${cause.code}`);
  return (
    <Attention title={title} className="desk-cause">
      <span>
        {what} <b>{now}</b>
      </span>
    </Attention>
  );
}

function EntryFacts({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: Fact[] = [
    [t('connection/state'), entry.state === 'cancelled' ? t('outbox/gone') : t(`connection/${entry.state}`)],
    [t('outbox/column/operation'), t(`outbox/operation/${entry.operation}`)],
    [t('outbox/column/registrationId'), entry.registrationId],
    [t('outbox/column/recordedAt'), format.date(entry.createdAt)],
    [t('outbox/column/attempts'), t('outbox/times', { formatted: format.number(entry.attempts) })],
  ];
  if (entry.because !== null) facts.push([t('outbox/desk/because'), entry.because]);
  if (entry.state === 'quarantined' && typeof entry.detail === 'string')
    facts.push([t('outbox/desk/theirAnswer'), entry.detail]);
  return <Facts facts={facts} className="desk-entry" />;
}

interface ChoicesProps {
  readonly comparison: EntryComparison;
  readonly lost: boolean;
  readonly onChoose: (choice: Choice) => void;
}

function Choices({ comparison, lost, onChoose }: ChoicesProps) {
  const { t } = useTranslation();
  const { state } = comparison.entry;
  const choices = choicesOf(comparison);
  if (choices.length === 0)
    return state === 'enrolled' || state === 'cancelled' ? <p>{t('outbox/desk/settled')}</p> : null;
  return (
    <section className="desk-choices" aria-labelledby="desk-decide">
      <h3 id="desk-decide">{t('act/decide')}</h3>
      {choices.map(choice => (
        <button
          key={choice.name}
          type="button"
          className="button desk-choice"
          disabled={lost}
          onClick={() => onChoose(choice)}
        >
          <span className="desk-choice-name">{t(`outbox/desk/choice/${choice.name}`)}</span>
          <span className="desk-choice-roles">
            {choice.roles.length === 0
              ? t('act/openToAll')
              : t('act/openTo', { roles: choice.roles.map(role => t(`role/${role}`)).join(', ') })}
          </span>
        </button>
      ))}
    </section>
  );
}
