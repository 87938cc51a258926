import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What a terminal sends to every process of its foreground group, so that the child has it already. Forwarding it
 * would make one Ctrl-C look like two to the child, which may take the second for "at once".
 */
const sentByTerminals = new Set(["SIGINT", "SIGHUP"]);

/**
 * Runs `command` with this process's input and output, passes signals on, and ends as it ends: with its exit code, or
 * by the same signal.
 *
 * @param {string} command path of an executable
 * @param {string[]} args
 * @param {Record<string, string>} environment added to this process' own, which goes before
 */
export function handOver(command, args, environment) {
  const child = spawn(command, args, { stdio: "inherit", env: { ...environment, ...process.env } });
  const forward = (signal) => {
    if (sentByTerminals.has(signal) && isInTerminalsForeground()) return;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  child.on("error", (error) => {
    process.stderr.write(
      `Node.js 24 at ${command} could not be started (${error.message}). Remove the folder node_modules and try again.\n`,
    );
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const handled of signals) process.off(handled, forward);
    process.kill(process.pid, signal);
  });
}

/**
 * Whether this process belongs to the foreground group of its terminal, by Linux's own account (proc_pid_stat(5));
 * elsewhere, whether its input is a terminal.
 */
function isInTerminalsForeground() {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The second field, the command's name in brackets, may hold spaces; after it: state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === foregroundGroup;
  } catch {
    return process.stdin.isTTY === true;
  }
}
