/** One fixture in full, over the screen: its tile as large as it gets, and the evidence for whoever is called. */
import { useTranslation } from 'react-i18next';
import type { FixtureView, VerdictView } from '../../src/api/contract.ts';
import { useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { type Notice, NoticeBar } from '../parts/notice.tsx';
import { Steps } from './steps.tsx';
import { surfaceOf } from './tile.tsx';
import type { TileActions } from './tile-actions.ts';
import { codesOf, TileFace } from './tile-face.tsx';
import './detail.css';
import './password-dialog.css';

interface DetailDialogProps {
  readonly fixture: FixtureView;
  readonly rehearsal: boolean;
  readonly notice: Notice | undefined;
  readonly actions: TileActions | undefined;
  readonly onClose: () => void;
}

export function DetailDialog({ fixture, rehearsal, notice, actions, onClose }: DetailDialogProps) {
  const { t } = useTranslation();
  const { state, verdict } = fixture;
  return (
    <Dialog
      title={t('detail/title', { number: String(fixture.number), name: fixture.name })}
      onClose={onClose}
      className="detail"
    >
      {notice && <NoticeBar notice={notice} />}
      <div className={`tile tile-full ${surfaceOf(fixture)}`}>
        <TileFace fixture={fixture} picked={false} rehearsal={rehearsal} actions={actions} />
      </div>
      {fixture.hasPassword && (
        <p className="dialog-text password-kept">
          {t('password/kept')}
          <button
            type="button"
            className="button"
            disabled={!actions || state === 'running'}
            onClick={() => actions?.forgetPassword(fixture.id)}
          >
            {t('password/forget')}
          </button>
        </p>
      )}
      {state === 'decided' && verdict && (
        <>
          <Warnings verdict={verdict} />
          <Steps steps={fixture.steps} />
          <Evidence verdict={verdict} durationMs={fixture.durationMs} />
        </>
      )}
    </Dialog>
  );
}

function Warnings({ verdict: { warnings } }: { verdict: VerdictView }) {
  const card = useCard();
  return warnings.map(warning => {
    const { title, what, do: now } = card(`warning/${warning}`);
    return (
      <p key={warning} className="detail-warning">
        <b>{title}.</b> {what} {now}
      </p>
    );
  });
}

function Evidence({ verdict, durationMs }: { verdict: VerdictView; durationMs: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    [t('detail/code'), verdict.code === 'passed' ? undefined : codesOf(verdict)],
    [t('detail/detail'), verdict.detail],
    [t('detail/tpm'), verdict.tpm],
    [t('detail/registrationId'), verdict.registrationId],
    [t('detail/ekSha256'), verdict.ekSha256],
    [t('detail/otherSerial'), verdict.otherSerial],
    [t('detail/dutSerial'), verdict.dutSerial],
    [t('detail/recordedAt'), format.moment(verdict.committedAt)],
    [t('detail/duration'), durationMs === undefined ? undefined : format.duration(durationMs)],
    [t('detail/harvestId'), verdict.harvestId],
  ] as const;
  const shown = facts.map(([name, value]) => [name, value && <span className="mono">{value}</span>] as const);
  return <Facts facts={shown} className="detail-facts" />;
}
