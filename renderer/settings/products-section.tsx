/** The products: one to choose and to change, one more, one less, and which of them is made now. */
import { useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../src/api/session.ts';
import { freeName, listOf, type Member, valueAt, withValue } from './draft.ts';
import { FaultsOf, FormContext } from './form.tsx';
import { MemberList } from './member-list.tsx';
import { ProductForm } from './product-form.tsx';
import { ProductPreviewed } from './product-preview.tsx';

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
        <ProductForm path={['products', at]} name={name} onName={rename} />
        <ProductPreviewed session={session} product={name} />
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
            {t('settings/remove')}
          </button>
        </div>
        <FaultsOf path={['currentProduct']} />
      </div>
    </div>
  );
}
