/** Which product a new order is of, where the station makes more than one: by touch, or by Tab and Enter. */
import { useTranslation } from 'react-i18next';
import { useKeyLayer } from '../scan/key-layers.ts';

interface ProductStepProps {
  readonly id: string;
  readonly products: readonly string[];
  readonly onProduct: (product: string) => void;
  readonly onScan: (text: string) => void;
}

export function ProductStep({ id, products, onProduct, onScan }: ProductStepProps) {
  const { t } = useTranslation();
  useKeyLayer({
    onWedge(event) {
      if (event.kind === 'scan') onScan(event.text);
      return true;
    },
  });
  return (
    <>
      <p className="order-id mono">{id}</p>
      <p className="dialog-text">{t('order/productWhat')}</p>
      <div className="order-products">
        {products.map((product, index) => (
          <button
            key={product}
            type="button"
            className="button order-product"
            {...(index === 0 && { 'data-first': true })}
            onClick={() => onProduct(product)}
          >
            {product}
          </button>
        ))}
      </div>
    </>
  );
}
