/** What to do next on this screen, in three lines, and its keys. */
import { useTranslation } from 'react-i18next';
import type { WhoView } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { Screen } from './screen.ts';
import './help-dialog.css';

interface HelpDialogProps {
  readonly screen: Screen;
  readonly who: WhoView | undefined;
  readonly onClose: () => void;
}

type KeyWords = keyof typeof en.help.key;

const withList: readonly (readonly [string, KeyWords])[] = [
  ['↓ ↑', 'walk'],
  ['Enter', 'openRow'],
  ['Esc', 'back'],
];
const withForm: readonly (readonly [string, KeyWords])[] = [
  ['Tab', 'field'],
  ['Enter', 'press'],
  ['Esc', 'back'],
];

const keysOf: Readonly<Record<Screen['id'], readonly (readonly [string, KeyWords])[]>> = {
  station: [
    ['F1', 'startAll'],
    ['1 2 3 …', 'pick'],
    ['Enter', 'act'],
    ['Esc', 'clear'],
    ['PgUp', 'order'],
    ['PgDn', 'results'],
  ],
  outbox: withList,
  devices: withList,
  batch: withForm,
  audit: withForm,
  backup: withList,
  settings: [['F1', 'save'], ['PgUp PgDn', 'section'], ...withForm],
  people: withForm,
};

export function HelpDialog({ screen, who, onClose }: HelpDialogProps) {
  const { t } = useTranslation();
  const keys = [...keysOf[screen.id], ['F10', 'menu'] as const, ...(who ? [['F8', 'lock'] as const] : [])];
  return (
    <Dialog
      title={t('help/title', { screen: t(`screens/${screen.id}/title`) })}
      onClose={onClose}
      className="help"
    >
      <ol className="help-next">
        {(['first', 'second', 'third'] as const).map(line => (
          <li key={line}>{t(`help/next/${screen.id}/${line}`)}</li>
        ))}
      </ol>
      <h3>{t('help/keys')}</h3>
      <dl className="help-keys">
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`help/key/${words}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
