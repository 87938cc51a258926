import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { prettyFactory } from "pino-pretty";
import { withoutCredentials } from "../dialects/common/credentials.ts";
import { withoutParameters } from "../storage/storage-error.ts";
import { createOutput } from "./output.ts";

/** Within requests, which are more than their members: those are not looked through. */
const secrets = ["req.headers.authorization"];

/** Errors are logged without what statements of the database were given, by whichever library they were thrown. */
const serializers = {
  err: (error: unknown) => stdSerializers.err(withoutParameters(error) as Error),
};

/** Nothing that looks like a credential is logged, wherever an object with it gets into a log. */
const formatters = { log: withoutCredentials<Record<string, unknown>> };

/** The service's log on standard output: for people on a terminal, JSON lines otherwise. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Logger {
  const options = { level, base: undefined, redact: { paths: secrets, censor: "(hidden)" }, serializers, formatters };
  return pino(options, destination);
}

function standardOutput(): DestinationStream {
  const write = createOutput(process.stdout.fd);
  if (!process.stdout.isTTY) return { write };
  const pretty = prettyFactory({ translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" });
  return { write: (line) => write(pretty(line)) };
}
