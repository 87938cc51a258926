import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { displayUrl } from "./display-url.ts";
import { SourceUnavailableError } from "./distribution.ts";

/** How long a server may keep silent, and how long it is left alone after it failed, in milliseconds. */
export interface DownloadTimeouts {
  /** Until the connection stands. */
  connect: number;
  /** Until the answer begins. */
  headers: number;
  /** Between two pieces of the answer. */
  body: number;
  /** Before the second attempt; twice as long before the third. */
  pause: number;
}

export const downloadTimeouts: DownloadTimeouts = { connect: 10_000, headers: 30_000, body: 60_000, pause: 1_000 };

/** So often in all is a file asked for when the connection breaks. */
const attempts = 3;

/** The longest text that is read whole (checksums, versions), in bytes. */
const textLimit = 1_000_000;

/** The server answered that it has no such file. */
export class MissingFileError extends SourceUnavailableError {}

/** Fetches release files over HTTP(S), by way of the proxy that the environment names (`https_proxy`, `no_proxy`). */
export interface Downloader {
  /** A small file's text. One of more than a megabyte is none, and not read to its end. */
  text(url: string, signal?: AbortSignal): Promise<string>;
  /** A file, checked while it streams. What does not match is not kept. */
  file(url: string, into: FileDownload): Promise<void>;
  close(): Promise<void>;
}

/** A file to download. */
interface FileDownload {
  path: string;
  /** Permissions; 0o666, less the user's mask, unless told. */
  mode?: number;
  /** Published SHA-256 checksum, 64 hexadecimal digits. */
  sha256: string;
  signal?: AbortSignal | undefined;
  /** Bytes so far, and of all where the server told. */
  onProgress?(received: number, total: number | undefined): void;
}

/** @param timeouts shorter ones for tests. */
export function makeDownloader(timeouts: DownloadTimeouts = downloadTimeouts): Downloader {
  const dispatcher = new EnvHttpProxyAgent({
    connectTimeout: timeouts.connect,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
  });

  async function request(url: string, signal?: AbortSignal): Promise<Response> {
    const { address, authorization } = splitCredentials(url);
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const response = await fetch(address, { dispatcher, headers, signal: signal ?? null });
    if (response.ok) return response;
    await response.body?.cancel();
    const message = `${displayUrl(url)} answered ${response.status}`;
    throw response.status === 404 || response.status === 403
      ? new MissingFileError(message)
      : new SourceUnavailableError(message);
  }

  return {
    async text(url, signal) {
      try {
        return await readText(await request(url, signal), url);
      } catch (error) {
        throw explained(error, url, signal);
      }
    },
    async file(url, into) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await receive(await request(url, into.signal), url, into);
        } catch (error) {
          await rm(into.path, { force: true });
          if (error instanceof SourceUnavailableError || into.signal?.aborted || attempt === attempts) {
            throw explained(error, url, into.signal);
          }
        }
        await delay(timeouts.pause * attempt, undefined, { signal: into.signal });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function readText({ body }: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early ends the transfer.
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > textLimit)
      throw new SourceUnavailableError(
        `${displayUrl(url)} has more than ${textLimit} bytes: it is not the small text file that belongs there`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Writes an answer's body to a file and compares its checksum. */
async function receive(
  response: Response,
  url: string,
  { path, mode, sha256, signal, onProgress }: FileDownload,
): Promise<void> {
  if (!response.body) throw new Error("the answer has no body");
  const announced = Number(response.headers.get("content-length"));
  const total = announced > 0 ? announced : undefined;
  const hash = createHash("sha256");
  let received = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      received += chunk.length;
      onProgress?.(received, total);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), check, createWriteStream(path, { mode }), { signal });
  const actual = hash.digest("hex");
  if (actual === sha256) return;
  throw new SourceUnavailableError(
    `${displayUrl(url)} has the checksum ${actual}, and ${sha256} is published: the file is damaged or not the real one, and was not kept`,
  );
}

/** Takes user name and password out of an address, since they go into a header. */
function splitCredentials(url: string): { address: string; authorization: string | undefined } {
  const parsed = new URL(url);
  if (parsed.username === "" && parsed.password === "") return { address: url, authorization: undefined };
  const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = "";
  parsed.password = "";
  return { address: parsed.href, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** A network failure in words; the reason lies at the end of the causes ("fetch failed" ← "ENOTFOUND dl.k8s.io"). */
function explained(error: unknown, url: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SourceUnavailableError) return error;
  return new SourceUnavailableError(`${displayUrl(url)} cannot be fetched (${rootReason(error)})`, { cause: error });
}

function rootReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return rootReason(error.cause);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
