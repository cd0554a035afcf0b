/** The version of Keyline, from its package.json. */
import description from '../../package.json' with { type: 'json' };

export const version: string = description.version;
