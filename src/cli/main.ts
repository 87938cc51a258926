import { Command } from "commander";
import { readConfig } from "../config.ts";
import { distributionCommand } from "./distribution.ts";
import { distributionOptions } from "./distribution-options.ts";

const program = new Command("sampan")
  .description("Managed Kubernetes behind the cluster APIs of ACK and CCE.")
  .showHelpAfterError();
program
  .command("serve")
  .description("Run the service until it is told to stop.")
  .action(async () => {
    // The other commands need nothing of the service, which takes a second to load.
    const { serve } = await import("./serve.ts");
    await serve(readConfig(process.env));
  });
program.addCommand(distributionCommand(() => distributionOptions(readConfig(process.env))));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`sampan: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
