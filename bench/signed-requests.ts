import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Client } from "undici";
import { signAcs3 } from "../src/dialects/ack/signature/testing/client-signer.ts";

/** Sends signed requests over one connection that is kept, as a program would that wants its answers fast. */
export interface SignedRequests {
  /** @returns milliseconds from the first byte that is sent to the last of the answer; signing does not count */
  timeGet(path: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * @param url base address of the API
 * @param credentialsFile the file that Sampan keeps its access key in
 */
export async function openSignedRequests(url: string, credentialsFile: string): Promise<SignedRequests> {
  const { accessKeyId, accessKeySecret: secret } = JSON.parse(await readFile(credentialsFile, "utf8"));
  const { host } = new URL(url);
  const connection = new Client(url);
  return {
    async timeGet(path) {
      const headers = { host, accept: "application/json", "x-acs-version": "2015-12-15" };
      const [date, nonce] = [new Date(), randomUUID()];
      const request = { method: "GET", path, query: {}, headers, body: "", accessKeyId, secret, date, nonce };
      const signed = signAcs3(request).rawHeaders;
      const start = performance.now();
      const { statusCode, body } = await connection.request({ method: "GET", path, headers: [...signed] });
      const text = await body.text();
      const taken = performance.now() - start;
      if (statusCode !== 200) throw new Error(`GET ${path} was answered with ${statusCode}: ${text}`);
      return taken;
    },
    close: () => connection.close(),
  };
}
