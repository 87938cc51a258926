import { randomBytes, randomInt, randomUUID } from "node:crypto";

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A random text of lower-case letters and digits. */
export function randomLettersAndDigits(length: number): string {
  return Array.from({ length }, () => lettersAndDigits[randomInt(lettersAndDigits.length)]).join("");
}

/** 128 random bits as 32 hexadecimal digits: ACK spells a cluster's id `c` + digits, CCE spells it as a UUID. */
export const newClusterId = (): string => randomUUID().replaceAll("-", "");

/** Whether a text can be a cluster's id at all: what cannot is looked for nowhere. */
export const isClusterId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/** As ACK's own: `T-` and 24 hexadecimal digits. */
export const newTaskId = (): string => `T-${randomBytes(12).toString("hex")}`;

/** As ACK's own: `np` and 32 hexadecimal digits. */
export const newNodePoolId = (): string => `np${randomBytes(16).toString("hex")}`;

/** As ECS's own: `i-` and 20 letters and digits. */
export const newInstanceId = (): string => `i-${randomLettersAndDigits(20)}`;
