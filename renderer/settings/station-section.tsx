/** What the station is called, its language, its badges and scanners, and when a window locks. */
import { Choice, TextField } from './form.tsx';

export function StationSection() {
  return (
    <>
      <TextField name="line" path={['station', 'line']} placeholder="Line 1" />
      <TextField name="name" path={['station', 'name']} placeholder="Station 01" />
      <Choice name="language" path={['station', 'language']} />
      <TextField name="lockMinutes" path={['station', 'lockMinutes']} number placeholder="15" />
      <TextField name="badgePrefix" path={['station', 'badgePrefix']} mono scans />
      <TextField name="workOrderPrefix" path={['station', 'workOrderPrefix']} mono scans />
      <TextField name="scannerPrefix" path={['station', 'scanner', 'prefix']} mono />
      <TextField name="scannerSuffix" path={['station', 'scanner', 'suffix']} mono />
    </>
  );
}
