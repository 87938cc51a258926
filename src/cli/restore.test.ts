import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { takeHome } from "../storage/home.ts";
import { restoreCommand } from "./restore.ts";

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "sampan-restore-")));
});
afterEach(() => rm(home, { recursive: true }));

/** What the command writes. */
async function run(args: readonly string[], settings: Record<string, string> = {}): Promise<string> {
  let written = "";
  const command = restoreCommand(
    () => readConfig({ SAMPAN_HOME: home, ...settings }),
    (text) => {
      written += text;
    },
  );
  await command.parseAsync(args, { from: "user" });
  return written;
}

async function haveCopies(...names: readonly string[]): Promise<void> {
  await mkdir(join(home, "copies"));
  for (const name of names) await writeFile(join(home, "copies", `${name}.tar.gz`), "");
}

describe("sampan restore", () => {
  it("lists the copies, the newest first, and says how one is taken back", async () => {
    await haveCopies("2026-11-27T08-00-00Z", "2026-11-28T08-00-00Z");
    const lines = (await run([])).split("\n");
    expect(lines.slice(0, 2)).toEqual(["2026-11-28T08-00-00Z", "2026-11-27T08-00-00Z"]);
    expect(lines[2]).toContain("sampan restore --latest");
  });

  it("says where there is none", async () => {
    expect(await run([])).toContain("holds no copy yet");
    await expect(run(["--latest"])).rejects.toThrow("holds no copy");
  });

  it("names those that there are where it is asked for another", async () => {
    await haveCopies("2026-11-27T08-00-00Z");
    await expect(run(["2026-11-26T08-00-00Z"])).rejects.toThrow("there are 2026-11-27T08-00-00Z");
  });

  it("changes nothing while a service has the home", async () => {
    await haveCopies("2026-11-27T08-00-00Z");
    const service = await takeHome(home);
    try {
      await expect(run(["--latest"])).rejects.toThrow("is in use by another Sampan");
    } finally {
      await service.release();
    }
  });

  it("leaves a database server to its operator", async () => {
    const settings = { SAMPAN_DATABASE_URL: "postgresql://sampan:hunter22@127.0.0.1/sampan" };
    await expect(run(["--latest"], settings)).rejects.toThrow("its operator's");
  });
});
