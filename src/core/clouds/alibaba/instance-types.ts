import type { InstanceType } from "../cloud.ts";

/**
 * Instance families by the GiB of memory for each virtual CPU, as the vendor's page of instance families lists them.
 * A name is `ecs.<family>.<size>`; the size gives the number of CPUs.
 */
const familiesByMemory: readonly { gibPerCpu: number; families: string }[] = [
  { gibPerCpu: 1, families: "ic5 xn4 t5-c1m1 t6-c1m1 u1-c1m1 e-c1m1" },
  { gibPerCpu: 2, families: "c4 c5 c6 c6e c6a c6r c7 c7a c7r c8a c8i c8y c9i sn1 sn1ne hfc5 hfc6 hfc7 hfc8i" },
  { gibPerCpu: 2, families: "n1 n4 s6 t5-c1m2 t6-c1m2 u1-c1m2 e-c1m2" },
  { gibPerCpu: 4, families: "g5 g5ne g6 g6e g6a g6r g7 g7a g7r g7ne g8a g8i g8y g9i sn2 sn2ne hfg5 hfg6 hfg7 hfg8i" },
  { gibPerCpu: 4, families: "n2 mn4 d1 d1ne d2s d3s i1 i2g i3g i4g t5-c1m4 t6-c1m4 u1-c1m4 e-c1m4" },
  { gibPerCpu: 8, families: "r5 r6 r6e r6a r7 r7a r8a r8i r8y se1 se1ne hfr6 hfr7 hfr8i e4 i2 i3 i4 u1-c1m8" },
];

const gibPerCpu = new Map(
  familiesByMemory.flatMap((row) => row.families.split(" ").map((family) => [family, row.gibPerCpu])),
);

/** Virtual CPUs by size; a size `<n>xlarge` has four times n. */
const cpuOfSize = new Map([
  ["tiny", 1],
  ["small", 1],
  ["medium", 1],
  ["large", 2],
  ["xlarge", 4],
]);

/**
 * What the type offers; undefined where its family or size is not in the table.
 * @param name e.g. `ecs.c6.large`
 */
export function findInstanceType(name: string): InstanceType | undefined {
  const [, family = "", size = ""] = /^ecs\.([a-z0-9-]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const ratio = gibPerCpu.get(family);
  const multiple = /^([1-9]\d?)xlarge$/.exec(size)?.[1];
  const cpu = multiple ? Number(multiple) * 4 : cpuOfSize.get(size);
  return ratio && cpu ? { cpu, memoryGiB: cpu * ratio } : undefined;
}
