/** First byte of a canonical value. Stored for ever: never renumber. */
export const TAG = {
  null: 0x00,
  false: 0x01,
  true: 0x02,
  /** IEEE 754 binary64, big-endian; every NaN is 7ff8000000000000. */
  double: 0x03,
  /** Two's complement, 8 bytes, big-endian. From a bigint. */
  int64: 0x04,
  /** Seconds since 1970 (8 bytes, two's complement) || nanoseconds (4). */
  timestamp: 0x05,
  /** UTF-8 to the end. */
  string: 0x06,
  bytes: 0x07,
  /** UTF-8 path relative to the database, to the end. */
  reference: 0x08,
  /** Latitude || longitude, two doubles. */
  geopoint: 0x09,
  /** Each item: length (4) || value. */
  array: 0x0a,
  /** Each entry, in the order of UTF-16 code units: key length (4) || key || value length (4) || value. */
  map: 0x0b,
} as const;
