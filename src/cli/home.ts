import { Command } from "commander";
import type { KnownHome } from "../service/homes.ts";

/**
 * The command `sampan home`, with `list` and `give-up`.
 * @param databaseUrl read when a subcommand runs, so that a bad setting stops only what needs it
 */
export function homeCommand(
  databaseUrl: () => string | undefined,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Command {
  const command = new Command("home").description("the homes (SAMPAN_HOME) that share a PostgreSQL server");
  command
    .command("list")
    .description("show which homes have clusters, and who serves them")
    .action(async () => {
      const { listHomes } = await import("../service/homes.ts");
      write(listText(await listHomes(databaseUrl())));
    });
  command
    .command("give-up")
    .description("give up the clusters of a home that is lost: they are taken out of the database for good")
    .argument("<id>", "the home's id, as the list shows it and its file `id` has it")
    .option("--force", "also where a process still serves the home")
    .action(async (id: string, { force = false }: { force?: boolean }) => {
      const { giveUpHome } = await import("../service/homes.ts");
      const { clusters, endedTasks } = await giveUpHome(databaseUrl(), { id, force });
      for (const cluster of clusters) write(`Gave up cluster ${cluster.name} (${cluster.id}).\n`);
      write(`Home ${id} has no clusters any more; ${endedTasks} tasks that had not ended have.\n`);
    });
  return command;
}

/** Homes as a table for people. */
function listText(homes: readonly KnownHome[]): string {
  if (homes.length === 0) return "No home has a cluster, or a task that has not ended.\n";
  const rows = [
    ["HOME", "CLUSTERS", "TASKS", "SERVED BY"],
    ...homes.map((home) => [home.id, String(home.clusters), String(home.unfinishedTasks), home.holder ?? "nobody"]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
