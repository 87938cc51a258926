import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCipher, loadSecretKey } from "./cipher.ts";

describe("a cipher", () => {
  const cipher = createCipher(randomBytes(32));

  it("gives every text back", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => cipher.decrypt(cipher.encrypt(text)) === text));
  });

  it("hides the text, and never in the same way twice", () => {
    const [first, second] = [cipher.encrypt("Hello1234"), cipher.encrypt("Hello1234")];
    expect(first).not.toContain("Hello1234");
    expect(first).not.toBe(second);
  });

  it("refuses what was changed in any place", () => {
    const sealed = cipher.encrypt("Hello1234");
    fc.assert(
      fc.property(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 255 }), (place, bits) => {
        const bytes = Buffer.from(sealed.slice(3), "base64");
        bytes.writeUInt8(bytes.readUInt8(place) ^ bits, place);
        expect(() => cipher.decrypt(`v1:${bytes.toString("base64")}`)).toThrow();
      }),
    );
  });

  it.each(["", "v1:", "v2:AAAA", "Hello1234", "v1:AAAA"])("refuses %j, which it has not made", (text) => {
    expect(() => cipher.decrypt(text)).toThrow("not a text that Sampan encrypted");
  });

  it("refuses another key's text", () => {
    expect(() => createCipher(randomBytes(32)).decrypt(cipher.encrypt("Hello1234"))).toThrow();
  });
});

describe("the secret key", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "sampan-cipher-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("is made once, for its owner's eyes only", async () => {
    const [first, second] = await Promise.all([loadSecretKey(home), loadSecretKey(home)]);
    expect(first).toHaveLength(32);
    expect(second).toEqual(first);
    expect(await loadSecretKey(home)).toEqual(first);
    expect((await stat(join(home, "secret.key"))).mode & 0o777).toBe(0o600);
  });

  it("is not replaced when the file holds something else", async () => {
    await writeFile(join(home, "secret.key"), "too short\n");
    await expect(loadSecretKey(home)).rejects.toThrow("does not hold a key of 32 bytes");
    expect(await readFile(join(home, "secret.key"), "utf8")).toBe("too short\n");
  });
});
