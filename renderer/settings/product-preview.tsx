/** What a serial comes to with the product as it stands in the form, and what DPS would be sent for it; asked anew with every change. */
import { useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductPreview } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { Refusal } from '../parts/refusal.tsx';
import { FormContext } from './form.tsx';

const pause = 250;

export function ProductPreviewed({ session, product }: { session: Session; product: string }) {
  const { t } = useTranslation();
  const { draft } = useContext(FormContext);
  const [serial, setSerial] = useState('');
  const [preview, setPreview] = useState<ProductPreview | 'refused'>();
  useEffect(() => {
    let asked = true;
    if (serial === '') setPreview(undefined);
    const timer = setTimeout(async () => {
      if (serial === '') return;
      // Nothing is lost where it does not come: the next key asks again.
      const answer = await session
        .previewProduct({ settings: draft, product, serial })
        .catch(() => undefined);
      if (asked && answer) setPreview(answer.ok ? answer.preview : 'refused');
    }, pause);
    return () => {
      asked = false;
      clearTimeout(timer);
    };
  }, [session, draft, product, serial]);
  return (
    <div className="setting-test">
      <div className="setting">
        <label htmlFor="setting-example">{t('settings/products/example')}</label>
        <input
          id="setting-example"
          className="mono"
          data-scan
          value={serial}
          maxLength={1000}
          autoComplete="off"
          spellCheck={false}
          aria-describedby="setting-example-what"
          onChange={event => setSerial(event.target.value)}
        />
        <span className="setting-what" id="setting-example-what">
          {t('settings/products/exampleWhat')}
        </span>
      </div>
      <div aria-live="polite">
        {preview === 'refused' && <p className="setting-fault">{t('settings/products/mend')}</p>}
        {typeof preview === 'object' && !preview.serial.ok && (
          <Refusal name={`verdict/${preview.serial.code}`} detail={preview.serial.detail} />
        )}
        {typeof preview === 'object' && preview.serial.ok && (
          <p className="setting-good">{t('settings/products/fits')}</p>
        )}
        {typeof preview === 'object' && preview.namesDetail && (
          <p className="setting-fault">{t('settings/products/names', { detail: preview.namesDetail })}</p>
        )}
        {typeof preview === 'object' && preview.document && (
          <figure className="setting-preview">
            <figcaption>
              <b>{t('settings/products/preview')}</b> {t('settings/products/previewWhat')}
            </figcaption>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
            <pre className="mono" tabIndex={0}>
              {preview.document}
            </pre>
          </figure>
        )}
      </div>
    </div>
  );
}
