import { createPrivateKey, sign } from "node:crypto";
import { eventually } from "./eventually.ts";
import type { Kubectl } from "./kubectl.ts";

const create = async (kubectl: Kubectl, path: string, object: object): Promise<Record<string, unknown>> =>
  JSON.parse(await kubectl.run(["create", "--raw", path, "-f", "-"], JSON.stringify(object))).status;

/** A token of the default service account. @param spec of the TokenRequest */
export async function makeToken(kubectl: Kubectl, spec: { audiences?: string[] } = {}): Promise<string> {
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
  // The controller manager makes the default service account a moment after its own start.
  return String((await eventually(() => create(kubectl, path, request))).token);
}

/** Whether the API server takes a token. @param audiences that it has to be for; without any, the API server's own */
export async function isAuthenticated(kubectl: Kubectl, token: string, audiences?: string[]): Promise<boolean> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token, audiences } };
  return (await create(kubectl, "/apis/authentication.k8s.io/v1/tokenreviews", review)).authenticated === true;
}

/** The claims of a token. */
export const claimsOf = (token: string): Record<string, unknown> => partOf(token, 1);

/** The same token with other claims, signed anew. @param key PEM, of the elliptic curve P-256 or RSA */
export function withClaims(token: string, claims: Record<string, unknown>, key: string): string {
  const [header = ""] = token.split(".");
  const body = `${header}.${Buffer.from(JSON.stringify({ ...claimsOf(token), ...claims })).toString("base64url")}`;
  const signature = sign("sha256", Buffer.from(body), { key: createPrivateKey(key), dsaEncoding: "ieee-p1363" });
  return `${body}.${signature.toString("base64url")}`;
}

/** The header of a token. */
export const headerOf = (token: string): Record<string, unknown> => partOf(token, 0);

const partOf = (token: string, part: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[part] ?? "", "base64url").toString());
