/**
 * Why a device's certificate is not verified, in words, beside its state: which certificate of the chain the maker revoked,
 * when and for what reason, must stay readable without asking a list again (rule H8). Null for devices of before.
 */
export const certificateDetail = `
ALTER TABLE device ADD COLUMN certificate_detail TEXT;
`;
