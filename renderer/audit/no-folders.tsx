/** Said where the configuration names no folder for exports. */
import { useTranslation } from 'react-i18next';
import { Attention } from '../parts/attention.tsx';

export function NoFolders({ folders }: { folders: readonly string[] }) {
  const { t } = useTranslation();
  if (folders.length > 0) return null;
  return (
    <Attention title={t('audit/noFolders')}>
      <span>{t('audit/noFoldersWhat')}</span>
    </Attention>
  );
}
