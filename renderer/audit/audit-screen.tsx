/**
 * The Audit screen: the log in words on the left, and beside it exporting and verifying, each with what came of it. Folders come
 * from the configuration by their names, and the work is the station's: it goes on when somebody leaves the screen.
 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScreenProps } from '../frame/screen.ts';
import { ExportForm } from './export-form.tsx';
import { LogPanel } from './log-panel.tsx';
import { useAudit } from './use-audit.ts';
import { VerifyPanel } from './verify-panel.tsx';
import { WorkPanel } from './work-panel.tsx';
import './audit-screen.css';

const sides = ['export', 'verify'] as const;

export function AuditScreen({ session, view, lost }: ScreenProps) {
  const { t } = useTranslation();
  const hand = useAudit(session, lost);
  const [side, setSide] = useState<(typeof sides)[number]>('export');
  const { audit } = hand;
  const disabled = lost || hand.busy;
  return (
    <main className="panes audit" aria-label={t('screens/audit/title')}>
      <LogPanel audit={audit} disabled={disabled} onCheckpoint={() => hand.run({ kind: 'checkpoint' })} />
      <div className="work-pane">
        <fieldset className="audit-sides" aria-label={t('audit/sides')}>
          {sides.map(each => (
            <button
              key={each}
              type="button"
              className="button"
              aria-pressed={side === each}
              onClick={() => setSide(each)}
            >
              {t(`audit/${each}/title`)}
            </button>
          ))}
        </fieldset>
        {audit && side === 'export' && (
          <ExportForm
            session={session}
            folders={audit.folders}
            workOrder={view.workOrder?.id}
            disabled={disabled}
            onRun={hand.run}
          />
        )}
        {audit && side === 'verify' && (
          <VerifyPanel session={session} audit={audit} disabled={disabled} onRun={hand.run} />
        )}
        <WorkPanel hand={hand} lost={lost} />
      </div>
    </main>
  );
}
