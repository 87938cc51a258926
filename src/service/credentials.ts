import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Credentials, SharedCredentials } from "../core/accounts/first-account.ts";
import { randomLettersAndDigits } from "../core/ids.ts";
import { writeFileAtomically } from "../machine/files.ts";

/** What the settings give; an undefined member is taken from what is in force, or generated. */
export type GivenCredentials = { [Name in keyof Credentials]: string | undefined };

/** Where a home folder keeps the first account's credentials. */
export const credentialsFile = (home: string): string => join(home, "credentials.json");

/**
 * The first account's credentials: those of the settings, else those in force, else new ones. `credentials.json` in the
 * home folder (mode 0600) always holds them. A password that another home set is known to that home alone: the file has
 * none then, and the password stays as it is.
 * @param shared those that the database has, if any: they are in force
 * @throws {Error} when the file is there but cannot be read
 */
export async function loadCredentials(
  home: string,
  given: GivenCredentials,
  shared: SharedCredentials | undefined,
): Promise<Credentials> {
  const file = credentialsFile(home);
  const written = await readCredentials(file);
  const inForce: Partial<Credentials> = shared ? { ...shared, userName: shared.user?.name } : written;
  const credentials: Credentials = {
    accessKeyId: given.accessKeyId ?? inForce.accessKeyId ?? `LTAI${randomLettersAndDigits(20)}`,
    accessKeySecret: given.accessKeySecret ?? inForce.accessKeySecret ?? newSecret(),
    projectId: given.projectId ?? inForce.projectId ?? randomBytes(16).toString("hex"),
    region: given.region ?? inForce.region ?? "cn-north-4",
    domainName: given.domainName ?? inForce.domainName ?? "sampan",
    userName: given.userName ?? inForce.userName ?? "sampan",
    userPassword: given.userPassword ?? (await passwordInForce(written.userPassword, shared)),
  };
  const content = `${JSON.stringify(credentials, undefined, 2)}\n`;
  await writeFileAtomically(file, content, { mode: 0o600, durable: true });
  return credentials;
}

/** The password of the file where it is the user's, or the user is yet to be made; a new one for a user without any. */
async function passwordInForce(
  written: string | undefined,
  shared: SharedCredentials | undefined,
): Promise<string | undefined> {
  if (!shared?.user) return written ?? newSecret();
  if (written !== undefined && (await shared.user.hasPassword(written))) return written;
  return undefined;
}

const newSecret = (): string => randomBytes(24).toString("base64url");

/** The texts in the file; an empty object where there is no file. */
async function readCredentials(file: string): Promise<Partial<Credentials>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept === "object" && kept !== null)
      return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"));
  } catch {
    // Falls through to the sentence below, which says more than the parser.
  }
  throw new Error(`${file} holds no JSON object; mend or remove it, and new credentials are made.`);
}
