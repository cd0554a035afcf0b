/** Enter in a field of one line leads to the next field that is written in. On a button or a choice it does what it does there. */
export function goToNextField(): boolean {
  const here = document.activeElement;
  if (!(here instanceof HTMLInputElement)) return false;
  const fields = [
    ...(here.closest('.settings-form')?.querySelectorAll<HTMLElement>('input, textarea') ?? []),
  ].filter(
    field =>
      field.matches(':enabled:not([type=radio], [type=checkbox], [type=file])') && field.checkVisibility(),
  );
  const at = fields.indexOf(here);
  if (at < 0) return false;
  const next = fields[at + 1];
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
  return true;
}
