/** Where the device is: a bridge, or a fixture of the configuration (`--bridge` or `--fixture`). */
import type { Configuration, FixtureConfiguration } from '../station/configuration/configuration.ts';
import { UsageError } from './usage-error.ts';

export interface PlaceOptions {
  readonly bridge?: string;
  readonly fixture?: string;
}

/** Throws UsageError unless it is exactly one of them. */
export function checkPlace({ bridge, fixture }: PlaceOptions): void {
  if ((bridge === undefined) === (fixture === undefined))
    throw new UsageError('either --bridge or --fixture says where');
}

/** Throws UsageError. */
export function placeOf(
  { fixtures }: Pick<Configuration, 'fixtures'>,
  options: PlaceOptions,
): { readonly bridge: string; readonly fixture?: FixtureConfiguration } {
  checkPlace(options);
  const { bridge, fixture: id = '' } = options;
  if (bridge !== undefined) return { bridge };
  const fixture = fixtures.find(candidate => candidate.id === id);
  if (fixture !== undefined) return { bridge: fixture.bridge, fixture };
  const known = fixtures.length === 0 ? 'it has none' : `it has ${fixtures.map(each => each.id).join(', ')}`;
  throw new UsageError(`keyline.json has no fixture "${id.slice(0, 40)}"; ${known}`);
}
