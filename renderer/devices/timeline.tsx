/** Everything that happened to a device, newest first: attempts with their verdicts, what DPS was asked for, leaving service. */
import { useTranslation } from 'react-i18next';
import type { DeviceHistory, VerdictCode } from '../../src/api/contract.ts';
import { useCard } from '../messages/card.ts';
import { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import { VerdictSymbol } from '../parts/symbols.tsx';
import './timeline.css';

type Attempt = DeviceHistory['attempts'][number];
type Entry = DeviceHistory['entries'][number];

export function Timeline({ device }: { device: DeviceHistory }) {
  const { t } = useTranslation();
  const moments = [
    ...device.attempts.map(attempt => ({
      key: attempt.harvestId,
      at: attempt.at,
      order: 0,
      tone: attempt.verdict,
      content: <AttemptMoment attempt={attempt} device={device} />,
    })),
    ...device.entries.map(entry => ({
      key: entry.entryId,
      at: entry.createdAt,
      order: 1,
      tone: `entry-${entry.state}`,
      content: <EntryMoment entry={entry} />,
    })),
    ...(device.retired
      ? [
          {
            key: 'retired',
            at: device.retired.at,
            order: 2,
            tone: 'retired',
            content: (
              <>
                <p className="moment-title">{t('devices/retired')}</p>
                <p>{device.retired.reason}</p>
              </>
            ),
          },
        ]
      : []),
  ].sort((one, other) => other.at - one.at || other.order - one.order);
  return (
    <ol className="timeline">
      {moments.map(({ key, at, tone, content }) => (
        <li key={key} className="moment" data-tone={tone}>
          <At at={at} />
          <div className="moment-what">{content}</div>
        </li>
      ))}
    </ol>
  );
}

function At({ at }: { at: number }) {
  const format = useFormat();
  return (
    <time className="moment-at figures" dateTime={new Date(at).toISOString()}>
      {format.date(at)}
    </time>
  );
}

function AttemptMoment({ attempt, device }: { attempt: Attempt; device: DeviceHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const card = useCard();
  const { code, verdict } = attempt;
  const title = isVerdictCode(code)
    ? card(`verdict/${code}`, { otherSerial: t('detail/another'), dutSerial: t('detail/another') }).title
    : code;
  const facts = [
    attempt.origin === 'imported' ? t('devices/imported') : undefined,
    attempt.fixture === null ? undefined : t('devices/atFixture', { fixture: attempt.fixture }),
    attempt.origin === 'imported' ? undefined : format.duration(attempt.durationMs),
    t('devices/auditEntry', { number: String(attempt.auditIndex) }),
  ];
  return (
    <>
      <p className="moment-title">
        <VerdictSymbol verdict={verdict} className="moment-symbol" />
        <b>{t(`word/${verdict}`)}</b> <span>{title}</span>
      </p>
      {attempt.serial !== device.serial && (
        <p>
          {t('devices/asSerial')} <span className="mono">{attempt.serial ?? t('tile/noSerial')}</span>
        </p>
      )}
      <p className="moment-facts">{facts.filter(fact => fact !== undefined).join(' · ')}</p>
      <p className="moment-facts">
        <span className="mono moment-code">{code}</span>{' '}
        <span className="mono moment-code" title={attempt.leafHash}>
          {attempt.leafHash.slice(0, 16)}
        </span>
      </p>
    </>
  );
}

function EntryMoment({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const card = useCard();
  const cause = entry.reason;
  const why = cause !== null && isCause(cause) ? card(`cause/${cause}`).title : cause;
  const facts = [
    entry.dpsHost ?? undefined,
    entry.sentAt === null ? undefined : t('devices/sentAt', { time: format.date(entry.sentAt) }),
    entry.settledAt === null ? undefined : t('devices/settledAt', { time: format.date(entry.settledAt) }),
  ].filter(fact => fact !== undefined);
  return (
    <>
      <p className="moment-title">
        <b>{t(`devices/ask/${entry.operation}`)}</b> <span>{t(`devices/state/${entry.state}`)}</span>
      </p>
      {why && <p>{why}</p>}
      {entry.because && <p>{t('devices/because', { reason: entry.because })}</p>}
      {facts.length > 0 && <p className="moment-facts">{facts.join(' · ')}</p>}
      <details>
        <summary>{t('devices/document')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
        <pre className="mono" tabIndex={0}>
          {JSON.stringify(entry.document, undefined, 2)}
        </pre>
      </details>
    </>
  );
}

const isVerdictCode = (code: string): code is VerdictCode => Object.hasOwn(en.verdict, code);
const isCause = (reason: string): reason is keyof typeof en.cause => Object.hasOwn(en.cause, reason);
