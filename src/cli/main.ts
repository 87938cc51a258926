import { Command } from "commander";
import { readConfig } from "../config.ts";
import { distributionOptions } from "../service/distribution-options.ts";
import { distributionCommand } from "./distribution.ts";
import { homeCommand } from "./home.ts";
import { restoreCommand } from "./restore.ts";

const program = new Command("sampan")
  .description("Managed Kubernetes behind the cluster APIs of ACK and CCE.")
  .showHelpAfterError();
program
  .command("serve")
  .description("Run the service until it is told to stop.")
  .action(async () => {
    const config = readConfig(process.env);
    // The service takes seconds to load: the other commands need nothing of it, and a wrong setting is told before.
    const { serve } = await import("./serve.ts");
    await serve(config);
  });
program.addCommand(homeCommand(() => readConfig(process.env).databaseUrl));
program.addCommand(distributionCommand(() => distributionOptions(readConfig(process.env))));
program.addCommand(restoreCommand(() => readConfig(process.env)));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`sampan: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
