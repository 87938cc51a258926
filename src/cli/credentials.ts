import { randomBytes } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Credentials } from "../core/accounts/accounts.ts";
import { randomLettersAndDigits } from "../core/ids.ts";

/** What the settings give; an undefined member is taken from the file, or generated. */
export interface GivenCredentials {
  accessKeyId: string | undefined;
  accessKeySecret: string | undefined;
  projectId: string | undefined;
}

/** Where a home folder keeps the first account's credentials. */
export const credentialsFile = (home: string): string => join(home, "credentials.json");

/**
 * The first account's credentials: those of the settings, else those in force, else new ones. `credentials.json` in the
 * home folder (mode 0600) always holds them.
 * @param shared those that the database has, if any: they are in force
 * @throws Error when the file is there but cannot be read
 */
export async function loadCredentials(
  home: string,
  given: GivenCredentials,
  shared: Credentials | undefined,
): Promise<Credentials> {
  const file = credentialsFile(home);
  const kept: Partial<Credentials> = shared ?? (await readCredentials(file));
  const credentials: Credentials = {
    accessKeyId: given.accessKeyId ?? kept.accessKeyId ?? `LTAI${randomLettersAndDigits(20)}`,
    accessKeySecret: given.accessKeySecret ?? kept.accessKeySecret ?? randomBytes(24).toString("base64url"),
    projectId: given.projectId ?? kept.projectId ?? randomBytes(16).toString("hex"),
  };
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return credentials;
}

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
    if (typeof kept === "object" && kept !== null) return kept;
  } catch {
    // Falls through to the sentence below, which says more than the parser.
  }
  throw new Error(`${file} holds no JSON object; mend or remove it, and new credentials are made.`);
}
