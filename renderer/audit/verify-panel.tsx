/** What can be verified here: the station's ledger, and the files that lie in one of the configured folders. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditOrder, AuditView, ExportedFile } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { ChoiceDialog } from '../parts/choice-dialog.tsx';
import { ChooseField } from '../parts/choose-field.tsx';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { failureCard } from './failure-card.ts';
import { NoFolders } from './no-folders.tsx';
import type { AuditFailure } from './use-audit.ts';

interface VerifyPanelProps {
  readonly session: Session;
  readonly audit: AuditView;
  readonly disabled: boolean;
  readonly onRun: (order: AuditOrder) => void;
}

export function VerifyPanel({ session, audit, disabled, onRun }: VerifyPanelProps) {
  const { t } = useTranslation();
  const { folders, work } = audit;
  const [choosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const folder = chosen !== undefined && folders.includes(chosen) ? chosen : folders[0];
  return (
    <section className="audit-side audit-verify" aria-label={t('audit/verify/title')}>
      <button
        type="button"
        className="button button-main audit-run"
        disabled={disabled}
        onClick={() => onRun({ kind: 'verify-ledger' })}
      >
        {t('audit/verify/ledger')}
      </button>
      <NoFolders folders={folders} />
      {folder !== undefined && (
        <>
          <dl className="audit-fields">
            <ChooseField
              name={t('audit/verify/filesIn')}
              value={folder}
              disabled={disabled}
              onChoose={() => setChoosing(true)}
            />
          </dl>
          <Files
            // What was just written is there, too.
            key={`${folder} ${work?.state}`}
            session={session}
            folder={folder}
            onVerify={file => !disabled && onRun({ kind: 'verify-file', folder, file })}
          />
        </>
      )}
      {choosing && (
        <ChoiceDialog
          title={t('audit/field/folder')}
          choices={folders}
          chosen={folder}
          onChoose={next => {
            setChoosing(false);
            setChosen(next);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </section>
  );
}

interface FilesProps {
  readonly session: Session;
  readonly folder: string;
  readonly onVerify: (file: string) => void;
}

function Files({ session, folder, onVerify }: FilesProps) {
  const { t } = useTranslation();
  const card = useCard();
  const format = useFormat();
  const [files, setFiles] = useState<readonly ExportedFile[]>();
  const [more, setMore] = useState(false);
  const [failure, setFailure] = useState<AuditFailure>();
  useEffect(() => {
    let wanted = true;
    session.listExportedFiles({ folder }).then(
      answer => {
        if (!wanted) return;
        if (!answer.ok) setFailure({ code: answer.code });
        else {
          setFiles(answer.files);
          setMore(answer.more);
        }
      },
      error => wanted && setFailure({ error }),
    );
    return () => {
      wanted = false;
    };
  }, [session, folder]);
  const columns = useMemo<readonly LongTableColumn<ExportedFile>[]>(
    () => [
      {
        key: 'name',
        heading: t('audit/column/name'),
        width: 'minmax(12rem, 1fr)',
        cell: ({ name }) => <span className="audit-file">{name}</span>,
      },
      {
        key: 'size',
        heading: t('audit/column/size'),
        width: '6rem',
        cell: ({ bytes }) => format.bytes(bytes),
      },
      {
        key: 'when',
        heading: t('audit/column/when'),
        width: '11rem',
        cell: ({ changedAt }) => format.date(changedAt),
      },
    ],
    [t, format],
  );
  if (failure) {
    const { what, do: now } = card(failureCard(failure));
    return (
      <p role="alert">
        {what} <b>{now}</b>
      </p>
    );
  }
  if (!files) return <p role="status">{t('audit/verify/looking')}</p>;
  if (files.length === 0) return <p className="audit-quiet">{t('audit/verify/none')}</p>;
  return (
    <>
      <LongTable
        label={t('audit/verify/files')}
        columns={columns}
        rows={files}
        keyOf={({ name }) => name}
        onOpen={({ name }) => onVerify(name)}
      />
      {more && <p className="audit-quiet">{t('audit/verify/more')}</p>}
    </>
  );
}
