import { expect, test } from "@jest/globals";
import { networkPrefix } from "./network.js";

test.each([
  ["203.0.113.77", "203.0.113.0/24"],
  ["::ffff:203.0.113.77", "203.0.113.0/24"],
  ["2001:db8:1234:5678::1", "2001:db8:1234::/48"],
  ["2001:0DB8:1234::", "2001:db8:1234::/48"],
  ["2001:db8::1", "2001:db8:0::/48"],
  ["::1", "0:0:0::/48"],
])("%s is in %s", (ip, prefix) => {
  expect(networkPrefix(ip)).toBe(prefix);
});
