import { expect, test } from "@jest/globals";
import { clientAddress } from "./client-address.js";

test("a caller cannot choose its address by sending X-Forwarded-For itself", () => {
  expect(clientAddress("9.9.9.9, 198.51.100.4", "10.0.0.1", 0)).toBe("198.51.100.4");
});

test("behind the load balancer, the entry left of the balancer's counts", () => {
  expect(clientAddress("9.9.9.9, 198.51.100.4, 203.0.113.1", "10.0.0.1", 1)).toBe("198.51.100.4");
});

test("without the header, the peer's address counts", () => {
  expect(clientAddress(undefined, "198.51.100.4", 0)).toBe("198.51.100.4");
});
