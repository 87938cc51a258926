import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { createCipher, WrongKeyError } from "../../storage/cipher.ts";
import { accessKeys } from "../../storage/schema.ts";
import { findAccessKey, forgetExpiredNonces, proveKey, rememberingAccessKeys, rememberNonce } from "./accounts.ts";
import { ensureFirstAccount } from "./first-account.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

const { accessKeyId, accessKeySecret } = testCredentials;

describe("the first account", () => {
  it("has the key it was given, whose secret rests encrypted", async () => {
    const key = await findAccessKey(test.core, accessKeyId);
    expect(key).toEqual({
      id: accessKeyId,
      accountId: "default",
      domainId: expect.stringMatching(/^[0-9a-f]{32}$/),
      secret: accessKeySecret,
      active: true,
    });
    const [row] = await test.core.db.select().from(accessKeys);
    expect(row?.secret).not.toContain(accessKeySecret);
  });

  it("has no key of another id", async () => {
    expect(await findAccessKey(test.core, "LTAI5tSomebodyElse")).toBeUndefined();
  });

  it("takes a new key, after which the old one is inactive, and takes the old one back", async () => {
    await ensureFirstAccount(test.core, {
      ...testCredentials,
      accessKeyId: "LTAI5tAnother",
      accessKeySecret: "another secret",
    });
    expect(await findAccessKey(test.core, accessKeyId)).toMatchObject({ active: false });
    expect(await findAccessKey(test.core, "LTAI5tAnother")).toMatchObject({ active: true, secret: "another secret" });
    await ensureFirstAccount(test.core, testCredentials);
    expect(await findAccessKey(test.core, accessKeyId)).toMatchObject({ active: true });
  });
});

describe("access keys that are remembered", () => {
  it("show a change after five seconds", async () => {
    let now = 0;
    const find = rememberingAccessKeys(test.core, () => now);
    expect(await find(accessKeyId)).toMatchObject({ active: true });
    await ensureFirstAccount(test.core, { ...testCredentials, accessKeyId: "LTAI5tAThird" });
    now = 4_999;
    expect(await find(accessKeyId)).toMatchObject({ active: true });
    now = 5_000;
    expect(await find(accessKeyId)).toMatchObject({ active: false });
    await ensureFirstAccount(test.core, testCredentials);
  });

  it("are found as soon as they exist", async () => {
    const find = rememberingAccessKeys(test.core, () => 0);
    expect(await find("LTAI5tANewOne")).toBeUndefined();
    await ensureFirstAccount(test.core, { ...testCredentials, accessKeyId: "LTAI5tANewOne" });
    expect(await find("LTAI5tANewOne")).toMatchObject({ active: true });
    await ensureFirstAccount(test.core, testCredentials);
  });
});

describe("the key of the secrets", () => {
  it("is proved by the first start, and by every later one that has it", async () => {
    await proveKey(test.core);
    await proveKey(test.core);
  });

  it("is refused where it is another", async () => {
    await proveKey(test.core);
    const other = { ...test.core, cipher: createCipher(randomBytes(32)) };
    await expect(proveKey(other)).rejects.toThrow(WrongKeyError);
    await expect(proveKey(other)).rejects.toThrow("secret.key");
  });
});

describe("a nonce", () => {
  const soon = new Date(Date.now() + 60_000);

  it("costs no write to the disk by itself", async () => {
    const synced = () => test.core.db.execute(sql`select pg_current_wal_flush_lsn()::text as at`);
    const before = await synced();
    await rememberNonce(test.core, "key-1", "unsynced", soon);
    expect(await synced()).toEqual(before);
  });

  it("is new to each key once", async () => {
    expect(await rememberNonce(test.core, "key-1", "nonce", soon)).toBe(true);
    expect(await rememberNonce(test.core, "key-1", "nonce", soon)).toBe(false);
    expect(await rememberNonce(test.core, "key-2", "nonce", soon)).toBe(true);
  });

  it("is new to one of many requests at the same moment", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rememberNonce(test.core, "key-1", "raced", soon)),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it("is kept until it expires", async () => {
    await rememberNonce(test.core, "key-3", "short", new Date(1000));
    await rememberNonce(test.core, "key-3", "long", soon);
    await forgetExpiredNonces(test.core, new Date());
    expect(await rememberNonce(test.core, "key-3", "short", soon)).toBe(true);
    expect(await rememberNonce(test.core, "key-3", "long", soon)).toBe(false);
  });
});
