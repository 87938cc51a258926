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
  services.map(({ type, path }) => ({
    ...namesOf(type),
    endpoints: [{ ...placeOf(type, region), url: `${address}${path}` }],
  }));

/** Each service of the catalogue by itself. @param address that the request came to */
export const toIamServices = (address: string) =>
  services.map(({ type }) => {
    const names = namesOf(type);
    return { ...names, enabled: true, links: { self: `${address}/v3/services/${names.id}` } };
  });

/** The endpoints of all services in each of the regions: those of a catalogue are among them, under the same ids. */
export const toIamEndpoints = (address: string, regions: readonly string[]) =>
  regions.flatMap((region) =>
    services.map(({ type, path }) => {
      const place = placeOf(type, region);
      return {
        ...place,
        service_id: namesOf(type).id,
        url: `${address}${path}`,
        enabled: true,
        links: { self: `${address}/v3/endpoints/${place.id}` },
      };
    }),
  );

const namesOf = (type: string) => ({ id: idOf(type), name: type, type });

const placeOf = (type: string, region: string) => ({
  id: idOf(type, region),
  interface: "public",
  region,
  region_id: region,
});

/** An id as the vendor's are, 32 hexadecimal digits, the same whenever it is asked for. */
const idOf = (...names: string[]): string => createHash("sha256").update(names.join("/")).digest("hex").slice(0, 32);
