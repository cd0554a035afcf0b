/** The first supervisor: from then on everybody signs in. Can be put off; the menu and the People screen lead here again. */
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { refusalCard } from '../messages/card.ts';
import { Dialog } from '../parts/dialog.tsx';
import { PersonForm } from '../people/person-form.tsx';

interface FirstSupervisorProps {
  readonly session: Session;
  readonly view: StationView;
  readonly onClose: () => void;
}

export function FirstSupervisor({ session, view, onClose }: FirstSupervisorProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('first/title')} onClose={onClose} className="first">
      <p className="dialog-text">{t('first/what')}</p>
      <p className="entry-hint">{t('first/keep')}</p>
      <PersonForm
        roles={['supervisor']}
        take={t('first/make')}
        badgePrefix={view.station.badgePrefix}
        onTake={async ({ id, name, pin, badge }) => {
          const answer = await session.addFirstSupervisor({ id, name, pin: pin!, ...(badge && { badge }) });
          if (!answer.ok) return refusalCard(answer.code);
          onClose();
          return undefined;
        }}
      />
    </Dialog>
  );
}
