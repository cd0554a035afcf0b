/** The fixtures or products to choose one of, each with what is wrong in it, and one more. */
import { useTranslation } from 'react-i18next';
import { Triangle } from '../parts/symbols.tsx';
import type { Member } from './draft.ts';
import { useFaults } from './form.tsx';

interface MemberListProps {
  readonly list: 'fixtures' | 'products';
  readonly members: readonly Member[];
  readonly chosen: number;
  readonly words: (member: Member, index: number) => readonly [name: string, note: string];
  readonly add: string;
  readonly disabled: boolean;
  readonly onChoose: (index: number) => void;
  readonly onAdd: () => void;
}

export function MemberList({
  list,
  members,
  chosen,
  words,
  add,
  disabled,
  onChoose,
  onAdd,
}: MemberListProps) {
  const { t } = useTranslation();
  const faults = useFaults([list]);
  return (
    <ul className="setting-members">
      {members.map((member, index) => {
        const [name, note] = words(member, index);
        const wrong = faults.filter(({ path }) => path[1] === index).length;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is; its name may be empty or there twice
          <li key={index}>
            <button
              type="button"
              className="button"
              aria-current={index === chosen || undefined}
              onClick={event => {
                event.currentTarget.closest('.settings-body')?.scrollTo(0, 0);
                onChoose(index);
              }}
            >
              <b>{name}</b>
              <span>{note}</span>
              {wrong > 0 && (
                <>
                  <Triangle className="setting-sign" />
                  <span className="unseen">{t('settings/faults', { count: wrong })}</span>
                </>
              )}
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" className="button" disabled={disabled} onClick={onAdd}>
          + {add}
        </button>
      </li>
    </ul>
  );
}
