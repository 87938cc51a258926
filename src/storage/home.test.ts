import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HomeInUseError, takeHome } from "./home.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sampan-home-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that takes the home, says so, and waits. */
function holder(home: string) {
  const module = fileURLToPath(new URL("./home.ts", import.meta.url));
  const program = `const { takeHome } = await import(${JSON.stringify(module)});
    await takeHome(${JSON.stringify(home)}); console.log("taken"); setInterval(() => undefined, 1000);`;
  return execa(process.execPath, ["--input-type=module", "--eval", program], { reject: false });
}

describe("a home folder", () => {
  it("is made for its owner alone", async () => {
    const home = await takeHome(join(folder, "a", "b"));
    expect((await stat(home.path)).mode & 0o777).toBe(0o700);
    await home.release();
  });

  it("is one process' at a time, whatever the path is spelled like", async () => {
    const home = await takeHome(folder);
    await symlink(folder, `${folder}-link`);
    try {
      await expect(takeHome(`${folder}-link`)).rejects.toThrow(HomeInUseError);
      await expect(takeHome(folder)).rejects.toThrow(`(process ${process.pid})`);
    } finally {
      await rm(`${folder}-link`);
      await home.release();
    }
    await (await takeHome(folder)).release();
  });

  it("that another machine may have is refused, with the way out", async () => {
    const ticket = { pid: 17, host: "elsewhere", bootId: "of-another-kernel", socket: "gone", released: false };
    await mkdir(join(folder, "lock"));
    await writeFile(join(folder, "lock", "1"), JSON.stringify(ticket));
    const refusal = await takeHome(folder, async () => false).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(HomeInUseError);
    expect(refusal).toHaveProperty("message", expect.stringContaining("process 17 on elsewhere"));
    expect(refusal).toHaveProperty("message", expect.stringContaining(`remove ${folder}/lock`));
  });

  it("is free again when its holder was killed", async () => {
    const child = holder(folder);
    await child.iterable({ from: "stdout" }).next();
    await expect(takeHome(folder)).rejects.toThrow(`(process ${child.pid})`);
    child.kill("SIGKILL");
    await child;
    await (await takeHome(folder)).release();
  });
});
