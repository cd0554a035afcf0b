/** What the station works on, and what came of it: in words, with what to do now where it came to nothing. */
import { useTranslation } from 'react-i18next';
import type { AuditFinding, AuditResult, AuditWork, WrittenFile } from '../../src/api/contract.ts';
import { auditCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { WorkGood, WorkResult, WorkRunning } from '../parts/station-work.tsx';
import { failureCard } from './failure-card.ts';
import { rootGroups } from './root-groups.ts';
import type { AuditHand } from './use-audit.ts';

interface WorkPanelProps {
  readonly hand: Pick<AuditHand, 'audit' | 'failure' | 'stop'>;
  readonly lost: boolean;
}

export function WorkPanel({ hand: { audit, failure, stop }, lost }: WorkPanelProps) {
  const { t } = useTranslation();
  const work = audit?.work;
  if (failure) return <Refusal name={failureCard(failure)} />;
  if (!work) return null;
  if (work.state === 'running')
    return (
      <WorkRunning
        name={t('audit/work')}
        label={t(`audit/running/${work.order.kind}`)}
        share={shareOf(work)}
        end={t('audit/stop')}
        disabled={lost}
        onEnd={stop}
      />
    );
  return (
    <WorkResult name={t('audit/work')}>
      {work.state === 'stopped' && (
        <p role="status">{t(`audit/stopped/${isReading(work) ? 'read' : 'write'}`)}</p>
      )}
      {work.order.kind === 'verify-file' && <p className="audit-quiet mono">{work.order.file}</p>}
      {work.failure && <Refusal name={auditCard(work.failure.code)} detail={work.failure.detail} />}
      {work.result && <Result result={work.result} />}
    </WorkResult>
  );
}

function shareOf({ done, all }: AuditWork): number | undefined {
  if (done === undefined || all === undefined) return undefined;
  return all === 0 ? 0 : Math.min(done / all, 1);
}

const isReading = ({ order }: AuditWork): boolean => order.kind.startsWith('verify');

function Result({ result }: { result: AuditResult }) {
  const { t } = useTranslation();
  const format = useFormat();
  switch (result.kind) {
    case 'file':
      return <Written file={result} />;
    case 'checkpoint':
      return (
        <>
          <WorkGood>{t('audit/checkpointMade')}</WorkGood>
          <Facts
            className="facts-close"
            facts={[
              [t('audit/entries'), format.number(result.size)],
              [t('audit/root'), mono(rootGroups(result.rootHash))],
            ]}
          />
          {result.faults.length > 0 && (
            <Attention title={t('audit/notKept')} role="alert">
              <span>{result.faults.join('; ')}</span>
            </Attention>
          )}
        </>
      );
    case 'findings':
      return result.findings.map((finding, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: logs in their order
        <Finding key={at} finding={finding} />
      ));
  }
}

const mono = (text: string) => <span className="mono">{text}</span>;

function Written({ file }: { file: WrittenFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { entries, withheld = 0, devices, readBack, manifest, unproved = 0, complete, rootHash } = file;
  return (
    <>
      <WorkGood>{t('audit/written', { folder: file.folder })}</WorkGood>
      {complete === false && <p className="audit-incomplete">{t('audit/notComplete')}</p>}
      <Facts
        className="facts-close"
        facts={[
          [t('audit/file'), mono(file.file)],
          [t('audit/manifest'), manifest && mono(manifest)],
          [t('audit/column/size'), format.bytes(file.bytes)],
          [t('audit/devices'), devices === undefined ? undefined : format.number(devices)],
          [
            t('audit/entries'),
            entries === undefined || devices !== undefined
              ? undefined
              : withheld === 0
                ? format.number(entries)
                : t('audit/withHashes', { shown: format.number(entries), hashes: format.number(withheld) }),
          ],
          [t('audit/unproved'), unproved === 0 ? undefined : format.number(unproved)],
          [t('audit/root'), mono(rootGroups(rootHash))],
          [t('audit/readBack'), t(`audit/readBackWord/${readBack ?? 'not'}`)],
        ]}
      />
    </>
  );
}

function Finding({ finding }: { finding: AuditFinding }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!finding.ok) {
    const { problem, index, line, detail } = finding;
    return (
      <Attention
        title={t(problem === 'not-an-export' ? 'audit/notAnExport' : 'audit/notIntact')}
        role="alert"
      >
        <span>
          {index !== undefined && t('audit/atEntry', { index: format.number(index) })}{' '}
          {line !== undefined && t('audit/atLine', { line: format.number(line) })}
        </span>
        <span className="attention-detail mono">
          {problem}: {detail}
        </span>
        {problem !== 'not-an-export' && <b>{t('audit/keepIt')}</b>}
      </Attention>
    );
  }
  const { level, own, size, entries, withheld, devices, extends: earlier } = finding;
  const { signedUpTo, witnessedUpTo } = finding;
  const by = own ? level : 'elsewhere';
  const upTo = level === 'witnessed' ? witnessedUpTo : signedUpTo;
  return (
    <>
      <WorkGood>{t(`audit/level/${level}`)}</WorkGood>
      {earlier === undefined ? (
        <p>{t(`audit/levelMeans/${by}`)}</p>
      ) : (
        <p>
          {t('audit/extends', {
            count: earlier,
            formatted: format.number(earlier),
            size: format.number(size),
          })}{' '}
          {t(`audit/extendsBy/${by}`)}
        </p>
      )}
      {level !== 'intact' && upTo < size && devices === undefined && earlier === undefined && (
        <p>{t('audit/onlyUpTo', { count: upTo, formatted: format.number(upTo) })}</p>
      )}
      {finding.rehearsal && <p>{t('audit/rehearsal')}</p>}
      <Facts
        className="facts-close"
        facts={[
          [t('audit/origin'), mono(finding.origin)],
          [t('audit/devices'), devices === undefined ? undefined : format.number(devices)],
          [t('detail/registrationId'), finding.registrationId],
          [
            t('audit/entries'),
            devices !== undefined || earlier !== undefined
              ? undefined
              : withheld === 0
                ? format.number(entries)
                : t('audit/withHashes', { shown: format.number(entries), hashes: format.number(withheld) }),
          ],
          [t('audit/logEntries'), earlier === undefined ? undefined : format.number(size)],
          [t('audit/root'), mono(rootGroups(finding.rootHash))],
        ]}
      />
    </>
  );
}
