#!/usr/bin/env node
/** The `sampan` command of an installed checkout. */
import { bootstrap, repositoryRoot } from "./bootstrap.mjs";

bootstrap(repositoryRoot, "src/cli/main.ts", process.argv.slice(2));
