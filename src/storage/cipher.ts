import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeOnce } from "../machine/files.ts";

/** Encrypts and decrypts texts that rest in the database. */
export interface Cipher {
  encrypt(text: string): string;
  /** @throws {Error} when the text was encrypted with another key or was changed. */
  decrypt(text: string): string;
}

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
/** First part of an encrypted text, so that another scheme can follow. */
const scheme = "v1";

/** A cipher with AES-256-GCM; every text gets an initialisation vector of its own. */
export function createCipher(secret: Buffer): Cipher {
  // Made once: Node.js spends more time on making one from a buffer than on a short text.
  const key = createSecretKey(secret);
  return {
    encrypt(text) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv);
      const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `${scheme}:${sealed.toString("base64")}`;
    },
    decrypt(text) {
      const [prefix, body] = text.split(":");
      const sealed = Buffer.from(body ?? "", "base64");
      if (prefix !== scheme || sealed.length < ivBytes + tagBytes)
        throw new Error("This is not a text that Sampan encrypted.");
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes));
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      const clear = [decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()];
      return Buffer.concat(clear).toString("utf8");
    },
  };
}

/**
 * The key that encrypts secrets at rest: `secret.key` in the home folder, made on the first start (mode 0600).
 * @throws {Error} when the file is there but holds no key: a new one would make every stored secret unreadable.
 */
export async function loadSecretKey(home: string): Promise<Buffer> {
  const file = join(home, "secret.key");
  await writeOnce(file, `${randomBytes(keyBytes).toString("base64")}\n`);
  const key = Buffer.from(await readFile(file, "utf8"), "base64");
  if (key.length !== keyBytes)
    throw new Error(
      `${file} does not hold a key of ${keyBytes} bytes; put the right file back, or start with an empty SAMPAN_HOME.`,
    );
  await chmod(file, 0o600);
  return key;
}

/** Thrown when the database's secrets were encrypted with another key than this home has. */
export class WrongKeyError extends Error {
  override readonly name = "WrongKeyError";
}
