/** What leaves the station by itself: checkpoints of the audit log and backups, where to and how often; and whom a courier's bundles are for. */
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../parts/facts.tsx';
import { FolderField } from './folder-field.tsx';
import { foldersOf } from './folders.ts';
import { FaultsOf, FormContext, Group, TextField } from './form.tsx';

export function RecordsSection() {
  const { t } = useTranslation();
  const { draft } = useContext(FormContext);
  const folders = foldersOf(draft);
  return (
    <>
      <Group title={t('settings/records/folders')}>
        {folders.length > 0 && (
          <Facts
            facts={folders.map(folder => [
              folder.name,
              <span key="path" className="mono">
                {folder.path}
              </span>,
            ])}
          />
        )}
        <p className="setting-file-only">{t('settings/records/foldersWhat')}</p>
        <FaultsOf path={['audit', 'exportFolders']} />
      </Group>
      <Group title={t('settings/records/backups')}>
        <FolderField name="backupFolder" path={['backup', 'folder']} />
        <TextField name="backupHours" path={['backup', 'everyHours']} number placeholder="8" />
        <TextField name="backupKeep" path={['backup', 'keep']} number placeholder="14" />
      </Group>
      <Group title={t('settings/records/checkpoints')}>
        <FolderField name="checkpointFolder" path={['audit', 'checkpointFolder']} />
        <FolderField name="witnessFolder" path={['audit', 'witnessFolder']} />
        <TextField name="checkpointHours" path={['audit', 'checkpointHours']} number placeholder="8" />
      </Group>
      <Group title={t('settings/records/courier')}>
        <TextField name="recipient" path={['courier', 'recipient']} mono />
        <TextField name="validDays" path={['courier', 'validDays']} number placeholder="30" />
      </Group>
    </>
  );
}
