/** TPM_CC of the commands that Keyline sends, and of those that a policy is worked out from (Part 2, 6.5). */
export const TPM_CC = {
  CreatePrimary: 0x131,
  Startup: 0x144,
  ActivateCredential: 0x147,
  NV_Read: 0x14e,
  PolicySecret: 0x151,
  FlushContext: 0x165,
  NV_ReadPublic: 0x169,
  PolicyOR: 0x171,
  ReadPublic: 0x173,
  StartAuthSession: 0x176,
  GetCapability: 0x17a,
  PolicyGetDigest: 0x189,
  PolicyAuthorizeNV: 0x192,
} as const;
