const BLOCK = 16;

/** CMAC's K1 (NIST SP 800-38B §6.1) from L, the encrypted zero block: L doubled in GF(2^128). K2 is K1 doubled again. */
export const cmacSubkey = (l: Buffer): Buffer => {
  const k1 = Buffer.alloc(BLOCK);
  for (let index = 0; index < BLOCK; index += 1) k1[index] = ((l[index] ?? 0) << 1) | ((l[index + 1] ?? 0) >>> 7);
  k1[15] = (k1[15] ?? 0) ^ ((l[0] ?? 0) >>> 7 === 1 ? 0x87 : 0);
  return k1;
};
