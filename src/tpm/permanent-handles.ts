/** Permanent handles of hierarchies (Part 2, 7.4). */
export const TPM_RH = { OWNER: 0x40000001, NULL: 0x40000007, ENDORSEMENT: 0x4000000b } as const;
