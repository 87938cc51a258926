import type { PodObject } from "./objects.ts";
import {
  isToEnd,
  type PodStatusPatch,
  runSecondsAnnotation,
  toDeadlineExceededPatch,
  toSucceededPatch,
} from "./pod-status.ts";

/** How a running pod ends by itself. */
export interface PodEnd {
  at: Date;
  /** What its kubelet reports then. */
  toPatch(pod: PodObject, now: Date): PodStatusPatch | undefined;
}

/** How long containers run that are meant to end and do not say how long. */
const defaultRunSeconds = 1;

/** When and how a running pod ends; undefined where it goes on. One that completes at its very deadline has completed. */
export function endOf(pod: PodObject): PodEnd | undefined {
  if (pod.status?.phase !== "Running") return undefined;
  const completion = completionTime(pod);
  const deadline = deadlineOf(pod);
  if (completion !== undefined && (deadline === undefined || completion <= deadline))
    return { at: completion, toPatch: toSucceededPatch };
  return deadline && { at: deadline, toPatch: toDeadlineExceededPatch };
}

/** When the containers complete of a pod that is to end. */
function completionTime(pod: PodObject): Date | undefined {
  if (!isToEnd(pod)) return undefined;
  const text = pod.metadata.annotations?.[runSecondsAnnotation];
  if (text === "forever") return undefined;
  const seconds = text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : defaultRunSeconds;
  const starts = (pod.status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.running?.startedAt ?? ""));
  return new Date(Math.max(0, ...starts.filter(Number.isFinite)) + seconds * 1000);
}

/** Until when the pod may run: kubelets count from when they have taken it, `status.startTime`. */
function deadlineOf({ spec, status }: PodObject): Date | undefined {
  const start = Date.parse(status?.startTime ?? "");
  if (spec.activeDeadlineSeconds === undefined || Number.isNaN(start)) return undefined;
  return new Date(start + spec.activeDeadlineSeconds * 1000);
}
