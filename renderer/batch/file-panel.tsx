/** The file: which one, what it is, and which column is which. */
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BatchView, ImportField } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFormat } from '../messages/format.ts';
import { ChoiceDialog } from '../parts/choice-dialog.tsx';
import { ChooseField } from '../parts/choose-field.tsx';
import { BatchProgress, FileActions } from './file-actions.tsx';
import type { BatchHand } from './use-batch.ts';

interface FilePanelProps {
  readonly session: Session;
  readonly hand: BatchHand;
  readonly lost: boolean;
}

/** In the order of their weight; a product is chosen for the whole file. */
const fields = ['ek', 'serial', 'registrationId', 'workOrder'] as const satisfies readonly ImportField[];
type Choosing = (typeof fields)[number] | 'product';

const encodings = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  cp949: 'CP949',
} as const;

export function FilePanel({ session, hand, lost }: FilePanelProps) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState<Choosing>();
  const { batch } = hand;
  const state = batch?.state ?? 'empty';
  const still = !lost && !hand.busy && !state.endsWith('ing');
  const hasChoices = state === 'read' || state === 'checking' || state === 'checked';
  // Without a choice, an export's rows have their own product, and all others the current one.
  const ofFile = batch?.file?.form.startsWith('keyline-')
    ? t('batch/ofFile')
    : t('batch/current', { product: batch?.products[0] ?? '' });
  const set = (change: { readonly field: Choosing; readonly to: string | undefined }) => {
    setChoosing(undefined);
    if (batch) void hand.act(() => session.setBatch(settingOf(batch, change)));
  };
  return (
    <section className="batch-file" aria-label={t('batch/file')}>
      <div className="batch-about">
        <PickFile hand={hand} disabled={!still} again={state !== 'empty'} />
        {batch && state !== 'empty' && (
          <>
            <AboutFile batch={batch} />
            {batch.file?.columns && hasChoices && (
              <dl className="batch-columns">
                {fields.map(field => (
                  <ChooseField
                    key={field}
                    name={t(`batch/field/${field}`)}
                    value={batch.file?.mapping?.[field] ?? t('batch/noColumn')}
                    disabled={!still}
                    onChoose={() => setChoosing(field)}
                  />
                ))}
              </dl>
            )}
            {batch.products.length > 1 && hasChoices && (
              <dl className="batch-columns">
                <ChooseField
                  name={t('batch/field/product')}
                  value={batch.product ?? ofFile}
                  disabled={!still}
                  onChoose={() => setChoosing('product')}
                />
              </dl>
            )}
          </>
        )}
      </div>
      {batch && state !== 'empty' && (
        <div className="batch-next">
          <BatchProgress batch={batch} />
          <FileActions session={session} hand={hand} batch={batch} lost={lost} />
        </div>
      )}
      {batch && choosing === 'product' && (
        <ChoiceDialog
          title={t('batch/field/product')}
          choices={batch.products}
          chosen={batch.product}
          none={ofFile}
          onChoose={to => set({ field: 'product', to })}
          onClose={() => setChoosing(undefined)}
        />
      )}
      {batch && choosing !== undefined && choosing !== 'product' && (
        <ChoiceDialog
          title={t('batch/whichColumn', { field: t(`batch/field/${choosing}`) })}
          choices={batch.file?.columns ?? []}
          chosen={batch.file?.mapping?.[choosing]}
          none={t('batch/noColumn')}
          onChoose={to => set({ field: choosing, to })}
          onClose={() => setChoosing(undefined)}
        />
      )}
    </section>
  );
}

function settingOf(
  { file, product }: BatchView,
  { field, to }: { readonly field: Choosing; readonly to: string | undefined },
) {
  const { product: _product, ...mapping } = file?.mapping ?? {};
  const { [field as ImportField]: _before, ...others } = mapping as Partial<Record<ImportField, string>>;
  const chosen = field === 'product' ? to : product;
  const columns = field === 'product' || to === undefined ? others : { ...others, [field]: to };
  return {
    ...(file?.columns && { mapping: field === 'product' ? mapping : columns }),
    ...(chosen !== undefined && { product: chosen }),
  };
}

function PickFile({ hand, disabled, again }: { hand: BatchHand; disabled: boolean; again: boolean }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  return (
    <>
      <input
        ref={input}
        id={id}
        className="batch-input"
        type="file"
        tabIndex={-1}
        aria-label={t('batch/pick')}
        disabled={disabled}
        onChange={event => {
          const [file] = event.target.files ?? [];
          // The same file may be picked again once it was mended.
          event.target.value = '';
          if (file) void hand.send(file);
        }}
      />
      <button
        type="button"
        className={again ? 'button' : 'button button-main'}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        {t(again ? 'batch/another' : 'batch/pick')}
      </button>
    </>
  );
}

function AboutFile({ batch: { name, size = 0, file } }: { batch: BatchView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    format.bytes(size),
    file && t(`batch/forms/${file.form}`),
    file && encodings[file.encoding],
    file?.delimiter && t(`batch/delimiters/${delimiterWords[file.delimiter]}`),
  ];
  return (
    <div>
      <h2 className="batch-name">{name}</h2>
      <p className="batch-quiet">{facts.filter(Boolean).join(' · ')}</p>
      {file?.origin !== undefined && (
        <p className="batch-quiet">
          {t('batch/origin')} <span className="batch-place">{file.origin}</span>
        </p>
      )}
      {file?.remembered && <p className="batch-quiet">{t('batch/remembered')}</p>}
    </div>
  );
}

const delimiterWords = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;
