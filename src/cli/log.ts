import { type Logger, pino } from "pino";
import { PinoPretty } from "pino-pretty";

/** Paths whose values are never logged, wherever an object with them gets into a log. */
const secrets = [
  "login_password",
  "*.login_password",
  "req.headers.authorization",
  "headers.authorization",
  "*.secret",
];

/** The service's log on standard output: for people on a terminal, JSON lines otherwise. */
export function createLog(level: string): Logger {
  const options = { level, base: undefined, redact: { paths: secrets, censor: "(hidden)" } };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, PinoPretty({ translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname", sync: true }));
}
