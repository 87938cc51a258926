import { readFile } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { type ApiClient, createApiClient } from "../../../kubernetes/client.ts";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import { memberPaths } from "../../../kubernetes/member-paths.ts";
import type { ClusterRecord } from "../../substrate.ts";
import { requireSite } from "../site/site.ts";

/** etcd of a real cluster, asked directly. */
export interface Etcd {
  /** Names of its members. */
  members(): Promise<string[]>;
  /** What stands under a key, byte by byte as Latin-1 text; undefined where nothing does. */
  read(key: string): Promise<string | undefined>;
}

/** A client of the first member's etcd with the API server's own certificate; closed when the test ends. */
export async function etcdOf(home: string, cluster: ClusterRecord): Promise<Etcd> {
  const client = await connect(home, cluster);
  onTestFinished(() => client.close());
  return {
    async members() {
      const path = "/v3/cluster/member/list";
      const { members } = await client.request<{ members: { name: string }[] }>("POST", path, { body: {} });
      return members.map(({ name }) => name).toSorted();
    },
    async read(key) {
      const body = { key: Buffer.from(key).toString("base64") };
      const { kvs } = await client.request<{ kvs?: { value: string }[] }>("POST", "/v3/kv/range", { body });
      return kvs?.[0] && Buffer.from(kvs[0].value, "base64").toString("latin1");
    },
  };
}

async function connect(home: string, cluster: ClusterRecord): Promise<ApiClient> {
  const [member] = requireSite(home, cluster).controlPlane.members;
  const paths = memberPaths(member?.directory ?? "");
  const [ca, cert, key] = await Promise.all(
    [paths.etcdCa, paths.apiServerEtcdClientCert, paths.apiServerEtcdClientKey].map((path) => readFile(path, "utf8")),
  );
  const server = `https://${member?.address}:${memberPorts.etcdClient}`;
  return createApiClient({ server, ca: ca ?? "", cert: cert ?? "", key: key ?? "" });
}
