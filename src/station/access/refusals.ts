/** Why somebody may not do what they asked, as screens and scripts tell it apart. */
export type AccessRefusalCode =
  | 'sign-in-needed'
  | 'sign-in-refused'
  | 'sign-in-locked'
  | 'role-missing'
  | 'pin-needed';
