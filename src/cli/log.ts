import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { PinoPretty } from "pino-pretty";
import { withoutParameters } from "../storage/storage-error.ts";

/** Paths whose values are never logged, wherever an object with them gets into a log. */
const secrets = [
  "login_password",
  "*.login_password",
  "req.headers.authorization",
  "headers.authorization",
  "*.secret",
];

/** Errors are logged without what statements of the database were given, by whichever library they were thrown. */
const serializers = {
  err: (error: unknown) => stdSerializers.err(withoutParameters(error) as Error),
};

/** The service's log on standard output: for people on a terminal, JSON lines otherwise. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Logger {
  const options = { level, base: undefined, redact: { paths: secrets, censor: "(hidden)" }, serializers };
  return pino(options, destination);
}

const standardOutput = (): DestinationStream =>
  process.stdout.isTTY
    ? PinoPretty({ translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname", sync: true })
    : pino.destination(1);
