import type {
  DistributionOptions,
  ExecutableName,
  InstallProgress,
  SourceName,
  VersionPolicy,
} from "../distribution.ts";

/** What is asked of a source. */
export interface OfferRequest {
  options: DistributionOptions;
  /** `x.y.z`, `x.y`, or undefined for the newest. */
  requested: string | undefined;
  policy: VersionPolicy;
  /** Folder of its own to work in; what belongs to the distribution goes into its `bin`. Cleared afterwards. */
  staging: string;
}

/** What is asked of a source once it has offered a version. */
export interface SourceRequest extends OfferRequest {
  /** The version it offered. */
  version: string;
  /** Keeps what a compiler has made, for the next version. */
  keepCache: boolean;
  /** Brings the tools for etcd's data, too, which no cluster needs. */
  withTools: boolean;
}

/** What a distribution from a source takes, for people and for a check beforehand. */
export interface SourceCosts {
  /** What has to be there or in reach. */
  needs: string;
  /** On two cores that have little else to do. */
  minutes: number;
  /** Bytes at the peak. */
  disk: number;
  /** Bytes at the peak. */
  memory: number;
}

/** Somewhere that distributions come from. */
export interface Source {
  readonly name: SourceName;
  readonly costs: SourceCosts;
  /**
   * The versions that it can give here, the oldest first.
   * @throws {SourceUnavailableError} with the reason where it has none.
   */
  available(request: Pick<OfferRequest, "options">, progress: InstallProgress): Promise<string[]>;
  /**
   * Says which version it would give, quickly; whether that fits the request is the caller's to judge.
   * @throws {SourceUnavailableError} with the reason where it has none.
   */
  offer(request: OfferRequest, progress: InstallProgress): Promise<string>;
  /**
   * Brings the executables of the version that it offered.
   * @returns the absolute path of each, in `staging/bin` or, where nothing is copied, elsewhere.
   */
  fetch(request: SourceRequest, progress: InstallProgress): Promise<Partial<Record<ExecutableName, string>>>;
}
