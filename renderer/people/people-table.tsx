/** Everybody who may sign in, by id; a row holds what a supervisor can do about that person. */
import { useTranslation } from 'react-i18next';
import type { PersonView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';

interface PeopleTableProps {
  readonly people: readonly PersonView[];
  readonly disabled: boolean;
  readonly onPin: (person: PersonView) => void;
  readonly onRemove: (person: PersonView) => void;
}

export function PeopleTable({ people, disabled, onPin, onRemove }: PeopleTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const yes = (has: boolean) => t(has ? 'people/yes' : 'people/no');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <div className="people-scroll" tabIndex={0}>
      <table className="people-table">
        <thead>
          <tr>
            {(['name', 'role', 'badge', 'pin', 'since'] as const).map(column => (
              <th key={column} scope="col">
                {t(`people/${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {people.map(person => (
            <tr key={person.id} data-person={person.id}>
              <th scope="row">
                <b>{person.name}</b>
                <span className="mono">{person.id}</span>
              </th>
              <td>{t(`role/${person.role}`)}</td>
              <td>{yes(person.hasBadge)}</td>
              <td className="figures">
                {person.lockedUntil === null
                  ? yes(person.hasPin)
                  : t('people/lockedUntil', { time: format.clock(person.lockedUntil) })}
              </td>
              <td className="figures">{format.day(person.addedAt)}</td>
              <td>
                <div className="people-acts">
                  <button
                    type="button"
                    className="button"
                    disabled={disabled}
                    aria-label={t('people/setPinOf', { name: person.name })}
                    onClick={() => onPin(person)}
                  >
                    {t('people/setPin')}
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={disabled}
                    aria-label={`${t('people/remove')}: ${person.name}`}
                    onClick={() => onRemove(person)}
                  >
                    {t('people/remove')}
                  </button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
