import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hashOfNobody,
  hashPassword,
  isPassword,
  isPasswordUnlessBusy,
  mostWaiting,
  TooBusyError,
} from "./passwords.ts";

describe("the hash of a password", () => {
  it("names its scheme, parameters and salt, and does not hold the password", async () => {
    const hash = await hashPassword("correct horse");
    expect(hash).toMatch(/^scrypt:16384:8:5:[A-Za-z0-9+/]{22}==:[A-Za-z0-9+/]{43}=$/);
    expect(hash).not.toContain("correct");
  });

  it("is another one each time", async () => {
    expect(await hashPassword("correct horse")).not.toBe(await hashPassword("correct horse"));
  });

  it("is that of its password alone, whatever characters it has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), async (password, other) => {
        const hash = await hashPassword(password);
        expect(await isPassword(password, hash)).toBe(true);
        expect(await isPassword(other, hash)).toBe(other === password);
      }),
      { numRuns: 10 },
    );
  });

  it("is read with the parameters it was made with", async () => {
    // By Python's hashlib.scrypt(b"correct horse", salt=b"0123456789abcdef", n=1024, r=8, p=1, dklen=32).
    const older = "scrypt:1024:8:1:MDEyMzQ1Njc4OWFiY2RlZg==:6g3umF+uVrJsObaTZhIbbTlgrvOEFcCItdwSjtPF67M=";
    expect(await isPassword("correct horse", older)).toBe(true);
    expect(await isPassword("correct horsf", older)).toBe(false);
  });

  it("of another scheme is no reason to let anybody in", async () => {
    await expect(isPassword("a", "plain:a")).rejects.toThrow("a scheme that this Sampan does not know");
  });

  it("of nobody is that of no password", async () => {
    for (const password of ["", "sampan", "\0".repeat(32)])
      expect(await isPassword(password, hashOfNobody)).toBe(false);
  });
});

describe("a check of a password that anybody can ask for", () => {
  it("is refused at once where many wait already, and is not once they are done", async () => {
    const hash = await hashPassword("correct horse");
    const waiting = Array.from({ length: mostWaiting }, () => isPasswordUnlessBusy("correct horse", hash));
    await expect(isPasswordUnlessBusy("correct horse", hash)).rejects.toThrow(TooBusyError);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => true));
    expect(await isPasswordUnlessBusy("correct horse", hash)).toBe(true);
  });

  it("does not keep the service from checking its own", async () => {
    const waiting = Array.from({ length: mostWaiting + 1 }, () => isPassword("", hashOfNobody));
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => false));
  });
});
