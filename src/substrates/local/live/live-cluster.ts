import type { ApiClient } from "../../../kubernetes/client.ts";
import type { HealthAccess } from "../../../kubernetes/pki/health-access.ts";
import type { NodeSimulator } from "../../../nodes/index.ts";
import type { ReadinessProbe } from "./readiness-probe.ts";

/** What this process keeps open for one cluster. It ends as a whole, and nothing is opened afterwards. */
export interface LiveCluster {
  /** Its nodes. */
  readonly simulator: Kept<NodeSimulator>;
  /** Connections to its API servers for quick looks. */
  readonly client: Kept<ApiClient>;
  /** Connections for the question whether it is ready. */
  readonly probe: Kept<ReadinessProbe>;
  /** What its components are asked with for their health, by whoever asks in this process. */
  readonly healthAccess: Kept<HealthAccess>;
  readonly isClosed: boolean;
  /** Ends everything, also what is being made at this moment. Can be called twice. */
  close(): Promise<void>;
}

/** Something that is made when it is first asked for, once, and kept. */
interface Kept<T> {
  /** What there is; undefined where there is nothing yet. */
  find(): Promise<T> | undefined;
  /**
   * What there is, or else what `make` makes. Who asks meanwhile gets the same; what failed is made again.
   * @throws {Error} where the cluster is closed.
   */
  get(make: () => Promise<T>): Promise<T>;
  /** Ends what there is. Another may be made afterwards. */
  end(): Promise<void>;
}

/** Makes an object that keeps nothing open yet. */
export function createLiveCluster(): LiveCluster {
  let isClosed = false;
  const mayOpen = () => {
    if (isClosed) throw new Error("The cluster is being stopped or removed: nothing is asked of it any more.");
  };
  const simulator = keep<NodeSimulator>((one) => one.stop(), mayOpen);
  const client = keep<ApiClient>((one) => one.close(), mayOpen);
  const probe = keep<ReadinessProbe>((one) => one.close(), mayOpen);
  // Nothing that is open: whoever starts something with it is refused by the gate of starts.
  const healthAccess = keep<HealthAccess>(
    () => undefined,
    () => undefined,
  );
  return {
    simulator,
    client,
    probe,
    healthAccess,
    get isClosed() {
      return isClosed;
    },
    async close() {
      isClosed = true;
      await Promise.all([simulator.end(), client.end(), probe.end()]);
    },
  };
}

/** Who has them, by cluster id. */
export interface LiveClusters {
  readonly live: Map<string, LiveCluster>;
}

/** What is live of a cluster. Of one that was closed there is a closed one, for as long as this process runs. */
export function liveCluster({ live }: LiveClusters, id: string): LiveCluster {
  const known = live.get(id) ?? createLiveCluster();
  live.set(id, known);
  return known;
}

/** Lets a cluster be live again that was closed: its creation begins anew. */
export function reopenLiveCluster({ live }: LiveClusters, id: string): void {
  if (live.get(id)?.isClosed) live.delete(id);
}

function keep<T>(end: (value: T) => unknown, mayOpen: () => void): Kept<T> {
  let value: Promise<T> | undefined;

  function keepMaking(make: () => Promise<T>): Promise<T> {
    const making = make();
    making.catch(() => {
      if (value === making) value = undefined;
    });
    value = making;
    return making;
  }

  return {
    find: () => value,
    async get(make) {
      mayOpen();
      return value ?? keepMaking(make);
    },
    async end() {
      const ending = value;
      value = undefined;
      // What could not be made needs no end; who asked for it is told why.
      await ending?.then(end, () => undefined);
    },
  };
}
