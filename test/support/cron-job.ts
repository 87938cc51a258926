import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import type { Kubectl } from "./kubectl.ts";

const everyMinute = 60_000;

/**
 * Makes a CronJob for a minute of the day that has just gone by in a time zone, as one that ran last half an hour ago,
 * and waits for its Job: a controller manager of another zone would not start one.
 *
 * @returns the name of the Job
 */
export async function runDailyJob(kubectl: Kubectl, name: string, timeZone: string): Promise<string> {
  const due = new Date(Date.now() - 3 * everyMinute);
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "numeric", hourCycle: "h23" });
  const part = (type: string) => Number(clock.formatToParts(due).find((one) => one.type === type)?.value);
  const schedule = `${part("minute")} ${part("hour")} * * *`;
  await kubectl.run(["create", "cronjob", name, "--image=busybox", `--schedule=${schedule}`, "--", "true"]);
  const cronJob = await kubectl.json<{ apiVersion: string }>(["get", "cronjob", name]);
  const lastRun = new Date(due.getTime() - 30 * everyMinute).toISOString().replace(/\.\d+/, "");
  await kubectl.run(
    ["replace", "--raw", `/apis/${cronJob.apiVersion}/namespaces/default/cronjobs/${name}/status`, "-f", "-"],
    JSON.stringify({ ...cronJob, status: { lastScheduleTime: lastRun } }),
  );
  return eventually(async () => {
    const { items } = await kubectl.json<{ items: { metadata: JobMetadata }[] }>(["get", "jobs"]);
    const job = items.find(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
    expect(job).toBeDefined();
    return job?.metadata.name ?? "";
  });
}

interface JobMetadata {
  name: string;
  ownerReferences?: { name: string }[];
}
