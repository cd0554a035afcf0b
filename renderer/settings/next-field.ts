/** Enter in a field of one line leads to the next field that is written in. On a button or a choice it does what it does there. */
export function goToNextField(form: HTMLElement | null, { isComposing }: KeyboardEvent): boolean {
  // A Hangul syllable that is being put together ends with this Enter, and is no whole value yet.
  if (isComposing || !form) return false;
  const fields = [...form.querySelectorAll<HTMLElement>('input, textarea')].filter(
    field =>
      field.matches(':enabled:not([type=radio], [type=checkbox], [type=file])') && field.checkVisibility(),
  );
  const here = fields.indexOf(document.activeElement as HTMLElement);
  if (here < 0 || fields[here] instanceof HTMLTextAreaElement) return false;
  const next = fields[here + 1];
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
  return true;
}
