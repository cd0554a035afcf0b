/** Where the station writes by itself: a place that keyline.json names, never one that is typed at a screen. */
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { type Path, valueAt, withValue } from './draft.ts';
import { type FolderName, foldersOf, withoutFolder } from './folders.ts';
import { FormContext, Options } from './form.tsx';

interface FolderFieldProps {
  readonly name: FolderName;
  readonly path: Path;
}

export function FolderField({ name, path }: FolderFieldProps) {
  const { t } = useTranslation();
  const { saved, draft, change } = useContext(FormContext);
  const named = foldersOf(saved).map(({ name: label, path: value }) => ({ label, value }));
  const own = valueAt(saved, path);
  const isNamed = own === undefined || named.some(({ value }) => value === own);
  return (
    <Options
      name={name}
      path={path}
      options={[
        { label: t(withoutFolder[name]), value: undefined },
        ...named,
        ...(isNamed
          ? []
          : [{ label: t('settings/records/asFile', { folder: String(own) }), value: String(own) }]),
      ]}
      now={valueAt(draft, path)}
      onValue={folder => change(settings => withValue(settings, path, folder))}
    />
  );
}
