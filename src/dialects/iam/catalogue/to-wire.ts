import { createHash } from "node:crypto";

/**
 * The services of the catalogue: their paths at the address of this one. `ccev2.0` and `identity` are the types that clients
 * of Open Telekom Cloud look for.
 */
const services = [
  { type: "cce", path: "" },
  { type: "ccev2.0", path: "" },
  { type: "iam", path: "/v3" },
  { type: "identity", path: "/v3" },
] as const;

/** Where the catalogue's services are: all at the address that the request came to. */
export interface CataloguePlace {
  address: string;
  region: string;
}

/** The services and their endpoints, as Keystone has them. */
export const toCatalogue = ({ address, region }: CataloguePlace) =>
  services.map(({ type, path }) => {
    const url = `${address}${path}`;
    const endpoint = { id: idOf(type, region), interface: "public", region, region_id: region, url };
    return { id: idOf(type), name: type, type, endpoints: [endpoint] };
  });

/** An id as the vendor's are, 32 hexadecimal digits, the same whenever it is asked for. */
const idOf = (...names: string[]): string => createHash("sha256").update(names.join("/")).digest("hex").slice(0, 32);
