/** The products: how each is judged and enrolled, and, live, what a serial comes to and what DPS would be sent for it. */
import { useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProductPreview } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { freeName, listOf, type Member, type Path, valueAt, withValue } from './draft.ts';
import { Card } from './fixtures-section.tsx';
import { Choice, FaultsOf, FormContext, TextField } from './form.tsx';
import { MemberList } from './member-list.tsx';

/** A station without any makes this one. */
const unset: readonly Member[] = [{ name: 'default' }];

export function ProductsSection({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { draft, disabled, change } = useContext(FormContext);
  const [chosen, setChosen] = useState(0);
  const own = listOf(draft.products);
  const products = own.length === 0 ? unset : own;
  const at = Math.min(chosen, products.length - 1);
  const product = products[at]!;
  const name = String(product.name ?? '');
  const current = valueAt(draft, ['currentProduct']) ?? products[0]?.name;
  const set = (list: readonly Member[], next: number) => {
    change(settings => withValue(settings, ['products'], list));
    setChosen(Math.max(0, next));
  };
  const rename = (to: string) =>
    change(settings => {
      const renamed = withValue(settings, ['products'], products.with(at, { ...product, name: to }));
      return settings.currentProduct === name ? withValue(renamed, ['currentProduct'], to) : renamed;
    });
  return (
    <div className="setting-two">
      <MemberList
        list="products"
        members={products}
        chosen={at}
        words={member => [
          String(member.name ?? ''),
          member.name === current ? t('settings/products/current') : String(member.serialPattern ?? ''),
        ]}
        add={t('settings/products/add')}
        disabled={disabled}
        onChoose={setChosen}
        onAdd={() =>
          set(
            [...products, { name: freeName(products, 'name', t('settings/products/newName')) }],
            products.length,
          )
        }
      />
      <div className="setting-one" key={at}>
        <Product path={['products', at]} name={name} onName={rename} />
        <Preview session={session} product={name} />
        <div className="setting-acts">
          <button
            type="button"
            className="button"
            disabled={disabled || name === current}
            onClick={() => change(settings => withValue(settings, ['currentProduct'], name))}
          >
            {t(name === current ? 'settings/products/current' : 'settings/products/makeCurrent')}
          </button>
          <button
            type="button"
            className="button"
            disabled={disabled || products.length === 1}
            onClick={() => {
              set(products.toSpliced(at, 1), at - 1);
              if (name === draft.currentProduct)
                change(settings => withValue(settings, ['currentProduct'], undefined));
            }}
          >
            {t('settings/products/remove')}
          </button>
        </div>
        <FaultsOf path={['currentProduct']} />
      </div>
    </div>
  );
}

interface ProductProps {
  readonly path: Path;
  readonly name: string;
  readonly onName: (name: string) => void;
}

function Product({ path, name, onName }: ProductProps) {
  const at = (member: string): Path => [...path, member];
  return (
    <>
      <TextField name="productName" path={at('name')} value={name} onValue={onName} />
      <TextField name="serialPattern" path={at('serialPattern')} mono />
      <Choice
        name="checkDigit"
        path={at('checkDigit')}
        options={[
          ['none', undefined],
          ['luhn', 'luhn'],
          ['damm', 'damm'],
          ['verhoeff', 'verhoeff'],
          ['mod-11-2', 'mod-11-2'],
          ['mod-37-2', 'mod-37-2'],
          ['mod-97-10', 'mod-97-10'],
          ['mod-11-10', 'mod-11-10'],
          ['mod-37-36', 'mod-37-36'],
        ]}
      />
      <TextField name="gtin" path={at('gtin')} mono scans />
      <Choice
        name="certificate"
        path={at('certificate')}
        options={[
          ['debt', undefined],
          ['require', 'require'],
          ['off', 'off'],
        ]}
      />
      <Choice
        name="possession"
        path={at('possession')}
        options={[
          ['require', undefined],
          ['off', 'off'],
        ]}
      />
      <Choice
        name="deviceKey"
        path={at('deviceKey')}
        options={[
          ['stored', undefined],
          ['persisted', 'persisted'],
          ['L-1', 'L-1'],
          ['sdk-empty-unique', 'sdk-empty-unique'],
        ]}
      />
      <Choice
        name="referenceFirmware"
        path={at('referenceFirmware')}
        options={[
          ['warn', undefined],
          ['accept', 'accept'],
        ]}
      />
      <TextField name="registrationId" path={at('registrationId')} mono placeholder="{registrationId}" />
      <TextField name="deviceId" path={at('deviceId')} mono />
      <TextField name="targetPerHour" path={at('targetPerHour')} number />
      {['dutSerial', 'initialTwin', 'iotHubs'].map(member => (
        <FaultsOf key={member} path={at(member)} />
      ))}
    </>
  );
}

const pause = 250;

function Preview({ session, product }: { session: Session; product: string }) {
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
      if (asked) setPreview(answer?.ok ? answer.preview : 'refused');
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
          <Card name={`verdict/${preview.serial.code}`} detail={preview.serial.detail} />
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
