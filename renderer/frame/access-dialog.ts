/** Which of the dialogs around who is at the window, and who may leave it, is open. */
export type AccessDialog =
  | { readonly kind: 'sign-in' }
  /** Somebody signed in by badge whose role has more than an operator's rights. */
  | { readonly kind: 'enter-pin'; readonly id: string; readonly name: string }
  | { readonly kind: 'person' }
  | { readonly kind: 'own-pin' }
  | { readonly kind: 'first' }
  | { readonly kind: 'leave' };
