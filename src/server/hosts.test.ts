import { describe, expect, it } from "vitest";
import { hostKind } from "./hosts.ts";

const ownNames = ["sampan.example.com", "*.internal"];

describe("the name by which the service is called", () => {
  it.each([
    // Nobody can have an address lead elsewhere.
    ["127.0.0.1", "own"],
    ["127.0.0.1:7080", "own"],
    ["10.1.2.3:80", "own"],
    ["[::1]", "own"],
    ["[::1]:7080", "own"],
    ["[fd00::7]:7080", "own"],
    ["localhost", "own"],
    ["LocalHost:7080", "own"],
    ["localhost.:7080", "own"],
    ["sampan.localhost:7080", "own"],
    ["sampan.example.com", "own"],
    ["sampan.example.com:443", "own"],
    ["a.b.internal", "own"],
    [undefined, "own"],
    ["cs.cn-hangzhou.aliyuncs.com", "vendor"],
    ["cce.cn-north-4.myhuaweicloud.com:443", "vendor"],
    ["iam.myhuaweicloud.com", "vendor"],
    ["page.example", "foreign"],
    ["page.example:7080", "foreign"],
    ["internal", "foreign"],
    ["aliyuncs.com", "foreign"],
    ["other.sampan.example.com", "foreign"],
    ["sampan.example.com.page.example", "foreign"],
    ["localhost.page.example", "foreign"],
    ["127.0.0.1.page.example", "foreign"],
    ["notlocalhost", "foreign"],
    ["evil-aliyuncs.com", "foreign"],
    ["2130706433", "foreign"],
    ["127.1", "foreign"],
    ["::1", "foreign"],
    ["localhost:7080:7080", "foreign"],
    ["user@127.0.0.1", "foreign"],
  ])("%s is %s", (host, kind) => {
    expect(hostKind(host, ownNames)).toBe(kind);
  });
});
