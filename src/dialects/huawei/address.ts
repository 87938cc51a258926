import type { FastifyRequest } from "fastify";

/** What the address of a request depends on beside the request. */
export interface AddressSettings {
  /** Address at which others reach the service, e.g. `https://sampan.example.com`; undefined where that is not known. */
  publicUrl?: string | undefined;
}

/**
 * The address that a request came to, without a slash at its end. Behind a proxy that ends TLS the request itself is a plain
 * one: the scheme is that of the public address, where the request names its host.
 */
export function addressOf({ protocol, host }: Pick<FastifyRequest, "protocol" | "host">, settings: AddressSettings) {
  const known = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl);
  return known?.host === host ? known.origin : `${protocol}://${host}`;
}
