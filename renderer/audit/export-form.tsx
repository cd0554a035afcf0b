/** What goes out, what of it, and to which of the configured folders. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFormat, AuditOrder, ListState, LogState } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { ChoiceDialog } from '../parts/choice-dialog.tsx';
import { ChooseField } from '../parts/choose-field.tsx';
import { NoFolders } from './no-folders.tsx';
import { WorkOrderDialog } from './work-order-dialog.tsx';

interface ExportFormProps {
  readonly session: Session;
  readonly folders: readonly string[];
  /** That the station works on. */
  readonly workOrder: string | undefined;
  readonly disabled: boolean;
  readonly onRun: (order: AuditOrder) => void;
}

const logs = ['csv', 'jsonl', 'json'] as const;
const papers = [...logs, 'limpet-csv', 'limpet-json', 'dps-bulk', 'certificate'] as const;
type Paper = AuditFormat | 'certificate';

/** In the order of the choice; what the station takes and is not here does not compile. */
const logStates = stateNames<LogState>({
  passed: true,
  retest: true,
  refused: true,
  failed: true,
  requested: true,
  targeted: true,
  retargeted: true,
  enrolled: true,
  conflict: true,
  quarantined: true,
  retried: true,
  cancelled: true,
  retired: true,
});
const listStates = stateNames<ListState>({
  queued: true,
  sending: true,
  enrolled: true,
  conflict: true,
  quarantined: true,
  cancelled: true,
});
type StateName = LogState | ListState;

function stateNames<Name extends string>(all: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(all) as Name[];
}

export function ExportForm({ session, folders, workOrder: current, disabled, onRun }: ExportFormProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [choosing, setChoosing] = useState<'paper' | 'folder' | 'workOrder' | 'state'>();
  const [paper, setPaper] = useState<Paper>('csv');
  const [chosenFolder, setFolder] = useState<string>();
  const [workOrder, setWorkOrder] = useState<string>();
  const [state, setState] = useState<StateName>();
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const folder = chosenFolder !== undefined && folders.includes(chosenFolder) ? chosenFolder : folders[0];
  const isLog = (logs as readonly Paper[]).includes(paper);
  const states = isLog ? logStates : listStates;
  const ofLot = paper === 'certificate';
  const close = () => setChoosing(undefined);
  const ready = !disabled && folder !== undefined && (!ofLot || workOrder !== undefined);
  const run = () => {
    if (folder === undefined) return;
    if (paper === 'certificate') {
      const language = i18n.language === 'ko' ? 'ko' : 'en';
      if (workOrder !== undefined) onRun({ kind: 'certificate', workOrder, folder, language });
      return;
    }
    onRun({
      kind: 'export',
      format: paper,
      folder,
      ...(workOrder !== undefined && { workOrder }),
      ...(state !== undefined && { state }),
      ...(since !== '' && { since: midnight(since, 0) }),
      ...(until !== '' && { until: midnight(until, 1) }),
    });
  };
  const choosePaper = (next: Paper | undefined) => {
    close();
    if (next === undefined) return;
    setPaper(next);
    // What one kind says of itself the other may not know.
    setState(undefined);
  };
  return (
    <section className="audit-side" aria-label={t('audit/export/title')}>
      <NoFolders folders={folders} />
      <dl className="audit-fields">
        <ChooseField
          name={t('audit/field/paper')}
          value={t(`audit/paper/${paper}`)}
          disabled={disabled}
          onChoose={() => setChoosing('paper')}
        />
        <ChooseField
          name={t('audit/field/folder')}
          value={folder ?? t('audit/noFolder')}
          disabled={disabled || folders.length === 0}
          onChoose={() => setChoosing('folder')}
        />
        <ChooseField
          name={t('audit/field/workOrder')}
          value={workOrder ?? t(ofLot ? 'audit/chooseOrder' : 'audit/allOrders')}
          disabled={disabled}
          onChoose={() => setChoosing('workOrder')}
        />
        {!ofLot && (
          <>
            <ChooseField
              name={t('audit/field/state')}
              value={state === undefined ? t('audit/allStates') : t(`audit/state/${state}`)}
              disabled={disabled}
              onChoose={() => setChoosing('state')}
            />
            <DayField
              id={`${id}s`}
              name={t('audit/field/since')}
              value={since}
              disabled={disabled}
              onDay={setSince}
            />
            <DayField
              id={`${id}u`}
              name={t('audit/field/until')}
              value={until}
              disabled={disabled}
              onDay={setUntil}
            />
          </>
        )}
      </dl>
      <p className="audit-quiet">{t(`audit/paperWhat/${isLog ? 'log' : ofLot ? 'certificate' : 'list'}`)}</p>
      <button type="button" className="button button-main audit-run" disabled={!ready} onClick={run}>
        {t('audit/export/run')}
      </button>
      {choosing === 'paper' && (
        <ChoiceDialog
          title={t('audit/field/paper')}
          choices={papers}
          chosen={paper}
          word={each => t(`audit/paper/${each}`)}
          onChoose={choosePaper}
          onClose={close}
        />
      )}
      {choosing === 'folder' && (
        <ChoiceDialog
          title={t('audit/field/folder')}
          choices={folders}
          chosen={folder}
          onChoose={next => {
            close();
            setFolder(next);
          }}
          onClose={close}
        />
      )}
      {choosing === 'state' && (
        <ChoiceDialog<StateName>
          title={t('audit/field/state')}
          choices={states}
          chosen={state}
          word={each => t(`audit/state/${each}`)}
          none={t('audit/allStates')}
          onChoose={next => {
            close();
            setState(next);
          }}
          onClose={close}
        />
      )}
      {choosing === 'workOrder' && (
        <WorkOrderDialog
          session={session}
          chosen={workOrder ?? (ofLot ? current : undefined)}
          onChoose={next => {
            close();
            setWorkOrder(next);
          }}
          onClose={close}
        />
      )}
    </section>
  );
}

interface DayFieldProps {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly onDay: (day: string) => void;
}

function DayField({ id, name, value, disabled, onDay }: DayFieldProps) {
  return (
    <div className="choose-field">
      <dt>
        <label htmlFor={id}>{name}</label>
      </dt>
      <dd>
        <input
          id={id}
          type="date"
          className="audit-day"
          value={value}
          disabled={disabled}
          onChange={event => onDay(event.target.value)}
        />
      </dd>
    </div>
  );
}

/** Local midnight at which a day begins, or so many days later, in epoch milliseconds. */
function midnight(day: string, later: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).getTime();
}
