import type { Cluster } from "../../../core/clusters/cluster.ts";

/** A cluster's request in ACK's words: nothing where it was made through another vendor's API. */
export const ownRequest = ({ dialect, request }: Pick<Cluster, "dialect" | "request">): Cluster["request"] =>
  dialect === "ack" ? request : {};
