/** A bridge as the fields of a form, and back: the TCTI conf strings that a screen may set. The station judges them. */

export const carriers = ['device', 'ssh', 'swtpm', 'mssim'] as const;
export type Carrier = (typeof carriers)[number];

export interface Bridge {
  readonly carrier: Carrier | 'cmd' | 'replay';
  /** Of `device`. */
  readonly path: string;
  readonly user: string;
  readonly host: string;
  readonly port: string;
}

export function readBridge(text: string): Bridge {
  const [name = '', ...rest] = text.split(':');
  const conf = rest.join(':');
  const none = { path: '', user: '', host: '', port: '' };
  if (name === 'cmd' || name === 'replay') return { ...none, carrier: name };
  if (name === 'ssh') {
    const [, user = '', host = '', port = ''] = /^([^@]*)@?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(conf) ?? [];
    return { ...none, carrier: 'ssh', user, host, port };
  }
  if (name === 'swtpm' || name === 'mssim') {
    const parts = new Map(conf.split(',').map(part => part.split('=') as [string, string]));
    return {
      ...none,
      carrier: name,
      host: parts.get('host') ?? '',
      port: parts.get('port') ?? '',
      path: parts.get('path') ?? '',
    };
  }
  return { ...none, carrier: 'device', path: conf };
}

export function bridgeText({ carrier, path, user, host, port }: Bridge): string {
  if (carrier === 'device') return path === '' ? 'device' : `device:${path}`;
  if (carrier === 'ssh') return `ssh:${user}@${host}${port === '' ? '' : `:${port}`}`;
  if (path !== '') return `${carrier}:path=${path}`;
  const parts = [...(host === '' ? [] : [`host=${host}`]), ...(port === '' ? [] : [`port=${port}`])];
  return parts.length === 0 ? carrier : `${carrier}:${parts.join(',')}`;
}
