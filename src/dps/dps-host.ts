/** The service endpoint of a DPS instance, `{name}.azure-devices-provisioning.net`; a port may follow, for an emulator or a gateway. */
import { DpsError } from './errors.ts';

const hostPattern =
  /^(?=.{1,253}(?::|$))([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)(?::([0-9]{1,5}))?$/;

/**
 * A DPS host with or without `:port`, lower-cased. Undefined where the text is none; throws DpsError `host-is-iot-hub`
 * where it is an IoT hub's.
 */
export function readDpsHost(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host, portText] = hostPattern.exec(text.trim().toLowerCase()) ?? [];
  const port = portText === undefined ? 443 : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (/\.azure-devices\.(?:net|us|cn)$/.test(host)) {
    throw new DpsError('host-is-iot-hub', 'The host is an IoT hub, not a Device Provisioning Service.', {
      notSent: true,
    });
  }
  return { host, port };
}
