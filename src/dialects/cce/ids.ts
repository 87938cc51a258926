/** A UUID as CCE writes it: lower case, its 32 digits in five groups. */
const uuidForm = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
/** How the core writes a task's id: 24 hexadecimal digits. */
const taskPrefix = "T-";
const taskDigits = 24;

/** The core's id of a cluster (32 lower-case hexadecimal digits) as CCE spells it: with the hyphens of a UUID. */
export const toUuid = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** The core's id of a cluster that CCE spells so; undefined for a text that is no UUID. */
export function fromUuid(text: string): string | undefined {
  return uuidForm.exec(text)?.slice(1).join("");
}

/** A part of a task that CCE shows as a job. */
export interface JobReference {
  /** The core's, e.g. `T-0123456789abcdef01234567`. */
  taskId: string;
  /** 0: the task itself; n: its n-th stage, counted from 1. */
  stage: number;
}

/** The id of a job: the digits of the task's id, then the stage as eight hexadecimal digits, written as a UUID. */
export const toJobId = ({ taskId, stage }: JobReference): string =>
  toUuid(`${taskId.slice(taskPrefix.length)}${stage.toString(16).padStart(8, "0")}`);

/** What a job's id stands for; undefined for a text that is no UUID. Whether there is such a task is not known here. */
export function fromJobId(text: string): JobReference | undefined {
  const digits = fromUuid(text);
  if (digits === undefined) return undefined;
  return { taskId: taskPrefix + digits.slice(0, taskDigits), stage: Number.parseInt(digits.slice(taskDigits), 16) };
}
