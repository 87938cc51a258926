import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { createLimiter } from "../../machine/limit.ts";

/** Parameters of scrypt: `cost` and `blockSize` decide its memory (128 * cost * blockSize bytes), all three its time. */
interface ScryptParameters {
  cost: number;
  blockSize: number;
  parallelization: number;
}

/** What new hashes are made with: 16 MiB, and five passes, which OWASP's password storage advice wants with so little memory. */
const current: ScryptParameters = { cost: 2 ** 14, blockSize: 8, parallelization: 5 };

const saltBytes = 16;
const keyBytes = 32;

/** First part of a hash as it is kept, so that another scheme can follow. */
const scheme = "scrypt";

/** The hash of a password under a salt of its own, as it is kept: scheme, parameters, salt and key. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return written(current, salt, await derivedKey(password, salt, current));
}

/** Whether a password is the one of a hash. Takes equal time whichever it is, and compares without haste. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const { parameters, salt, key } = read(hash);
  return timingSafeEqual(await derivedKey(password, salt, parameters), key);
}

/**
 * {@link isPassword} for whoever asks: it is refused, not put in the line, where many wait already. Anybody can have one
 * computed, and who logs in must not wait behind all of them.
 * @throws {TooBusyError} where {@link mostWaiting} derivations wait
 */
export async function isPasswordUnlessBusy(password: string, hash: string): Promise<boolean> {
  if (waiting >= mostWaiting) throw new TooBusyError();
  return isPassword(password, hash);
}

/** Thrown when too many passwords are being checked; another try a little later may get through. */
export class TooBusyError extends Error {
  override readonly name = "TooBusyError";

  constructor() {
    super("Too many passwords are being checked at the moment; try again in a few seconds.");
  }
}

/** Stands in for the hash of a user that does not exist, so that the answer takes as long: no password has it. */
export const hashOfNobody = written(current, Buffer.alloc(saltBytes), Buffer.alloc(keyBytes));

function written({ cost, blockSize, parallelization }: ScryptParameters, salt: Buffer, key: Buffer): string {
  return [scheme, cost, blockSize, parallelization, salt.toString("base64"), key.toString("base64")].join(":");
}

function read(hash: string): { parameters: ScryptParameters; salt: Buffer; key: Buffer } {
  const [name, cost, blockSize, parallelization, salt = "", key = ""] = hash.split(":");
  if (name !== scheme)
    throw new Error("A password hash in the database is of a scheme that this Sampan does not know.");
  return {
    parameters: { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) },
    salt: Buffer.from(salt, "base64"),
    key: Buffer.from(key, "base64"),
  };
}

/**
 * Two derivations at a time: anybody may ask for one, and each keeps a thread busy that files are read with too (Node.js
 * has four).
 */
const inTurn = createLimiter(2);

/** How many derivations may wait, those under way included: so many take a few seconds. */
export const mostWaiting = 16;
let waiting = 0;

function derivedKey(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  waiting++;
  return inTurn(() => derive(password, salt, parameters)).finally(() => {
    waiting--;
  });
}

const derive = (password: string, salt: Buffer, parameters: ScryptParameters) =>
  new Promise<Buffer>((resolve, reject) => {
    const maxmem = 256 * parameters.cost * parameters.blockSize;
    scrypt(password, salt, keyBytes, { ...parameters, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
