/** One product: its serials, what the TPM has to prove, how DPS knows the device, and what an enrollment says of it. */
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { type Path, valueAt, withValue } from './draft.ts';
import { optionsOf } from './fields.ts';
import { Choice, FormContext, Group, Options, OwnFaults, TextField } from './form.tsx';
import { JsonField } from './json-field.tsx';
import { ListField } from './list-field.tsx';

interface ProductFormProps {
  readonly path: Path;
  readonly name: string;
  readonly onName: (name: string) => void;
}

export function ProductForm({ path, name, onName }: ProductFormProps) {
  const { t } = useTranslation();
  const { draft } = useContext(FormContext);
  const at = (...members: string[]): Path => [...path, ...members];
  const has = (member: string) => valueAt(draft, at(member)) !== undefined;
  return (
    <>
      <TextField name="productName" path={at('name')} value={name} onValue={onName} />
      <TextField name="targetPerHour" path={at('targetPerHour')} number />
      <Group title={t('settings/products/serials')}>
        <TextField name="serialPattern" path={at('serialPattern')} mono />
        <Choice name="checkDigit" path={at('checkDigit')} />
        <TextField name="gtin" path={at('gtin')} mono scans />
        <OwnSerial path={at('dutSerial')} product={name} />
      </Group>
      <Group title={t('settings/products/proofs')}>
        <Choice name="certificate" path={at('certificate')} />
        <Choice name="revocation" path={at('revocation')} />
        <Choice name="possession" path={at('possession')} />
        <Choice name="deviceKey" path={at('deviceKey')} />
        <Choice name="referenceFirmware" path={at('referenceFirmware')} />
      </Group>
      <Group title={t('settings/products/enrollment')}>
        <TextField name="registrationId" path={at('registrationId')} mono placeholder="{registrationId}" />
        <TextField name="deviceId" path={at('deviceId')} mono />
        <Choice name="allocation" path={at('allocationPolicy')} />
        {(has('allocationPolicy') || has('iotHubs')) && (
          <ListField
            name="iotHubs"
            path={at('iotHubs')}
            add={t('settings/products/addHub')}
            most={50}
            placeholder="plant-01.azure-devices.net"
          />
        )}
        <Choice name="reprovision" path={at('reprovisionPolicy')} />
        <Choice name="iotEdge" path={at('capabilities', 'iotEdge')} />
        <JsonField name="tags" path={at('initialTwin', 'tags')} placeholder={'{ "line": "3" }'} />
        <JsonField
          name="desired"
          path={at('initialTwin', 'properties', 'desired')}
          placeholder={'{ "interval": 60 }'}
        />
        <OwnFaults path={at('initialTwin')} />
      </Group>
    </>
  );
}

/** Where the device's own serial is read. A command is the file's: it can be left for a place, and taken again until that is saved. */
function OwnSerial({ path, product }: { path: Path; product: string }) {
  const { t } = useTranslation();
  const { saved, draft, change } = useContext(FormContext);
  const now = valueAt(draft, path) as { readonly from?: string; readonly command?: string } | undefined;
  const command =
    now?.command ??
    commandOf((saved.products as readonly Named[] | undefined)?.find(({ name }) => name === product));
  const byCommand = now?.command !== undefined;
  const take = (source: { readonly from?: string; readonly command?: string } | undefined) =>
    change(settings => {
      const unread = valueAt(settings, [...path, 'unread']);
      return withValue(settings, path, source && { ...source, ...(unread !== undefined && { unread }) });
    });
  return (
    <>
      <Options
        name="dutSerialFrom"
        path={path}
        options={[
          ...optionsOf('dutSerialFrom')!.map(([label, value]) => ({
            label: t(`settings/choice/${label}`),
            value,
          })),
          ...(command === undefined ? [] : [{ label: t('settings/choice/command'), value: byTheFile }]),
        ]}
        now={byCommand ? byTheFile : now?.from}
        onValue={from =>
          take(
            from === byTheFile
              ? { command: command! }
              : from === undefined
                ? undefined
                : { from: String(from) },
          )
        }
      />
      {now !== undefined && <Choice name="dutSerialUnread" path={[...path, 'unread']} />}
    </>
  );
}

const byTheFile = 'command';

interface Named {
  readonly name?: string;
  readonly dutSerial?: { readonly command?: string };
}

const commandOf = (product: Named | undefined) => product?.dutSerial?.command;
