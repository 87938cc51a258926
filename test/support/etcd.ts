import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { json } from "node:stream/consumers";

/** One member of a cluster's etcd, as its API server speaks to it. */
export interface EtcdMember {
  /** The value of a key, as bytes in the encoding that keeps each of them; undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  /** Names of all members of its cluster. */
  members(): Promise<string[]>;
}

/**
 * Reads an etcd past the API server, with the API server's own certificate.
 * @param folder of the cluster, with the members' folders in it
 * @param address loopback address of the member
 */
export function etcdMember(folder: string, name: string, address: string): EtcdMember {
  const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const pki = (file: string) => readFile(join(folder, name, "pki", file));
    const [ca, cert, key] = await Promise.all(
      ["etcd/ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"].map(pki),
    );
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const sent = request({ host: address, port: 2379, path, method: "POST", ca, cert, key, agent: false }, (answer) =>
      (json(answer) as Promise<Record<string, unknown>>).then(resolve, reject),
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
    return promise;
  };
  return {
    async get(key) {
      const { kvs } = await call("/v3/kv/range", { key: Buffer.from(key).toString("base64") });
      const [found] = (kvs ?? []) as { value: string }[];
      return found && Buffer.from(found.value, "base64").toString("latin1");
    },
    async members() {
      const { members } = await call("/v3/cluster/member/list", {});
      return ((members ?? []) as { name: string }[]).map((member) => member.name);
    },
  };
}
