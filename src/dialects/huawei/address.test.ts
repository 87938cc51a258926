import { expect, it } from "vitest";
import { addressOf } from "./address.ts";

it.each<[string, string, string | undefined, string]>([
  ["no public address", "sampan.example:7080", undefined, "http://sampan.example:7080"],
  [
    "the public address, behind a proxy that ends TLS",
    "sampan.example",
    "https://sampan.example",
    "https://sampan.example",
  ],
  [
    "the public address with a port and a path",
    "sampan.example:8443",
    "https://sampan.example:8443/x",
    "https://sampan.example:8443",
  ],
  ["another name than the public one", "127.0.0.1:7080", "https://sampan.example", "http://127.0.0.1:7080"],
])("a request has come to %s", (_what, host, publicUrl, address) => {
  expect(addressOf({ protocol: "http", host }, { publicUrl })).toBe(address);
});
