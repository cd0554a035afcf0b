/** What the screens show of the station itself, by its configuration of this moment. */
import { productOf } from '../configuration/load-configuration.ts';
import type { StationCore } from '../open-core.ts';
import { version } from '../version.ts';
import type { StationView } from '../views.ts';

export function stationFacts({ configuration, rehearsal }: StationCore): StationView['station'] {
  const { name, line, language, badgePrefix, scanner } = configuration.station;
  const product = productOf(configuration);
  return {
    name,
    line,
    product: product.name,
    products: configuration.products.map(each => each.name),
    rehearsal,
    version,
    language,
    ...(badgePrefix === undefined ? {} : { badgePrefix }),
    ...(scanner === undefined ? {} : { scanner }),
    ...(product.targetPerHour === undefined ? {} : { targetPerHour: product.targetPerHour }),
  };
}
