/** DPS leaves null members out of what it stores and answers. */
export function withoutNulls<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member != null)) as Partial<T>;
}
