/** Asks one cluster's API servers whether they are ready, over connections that are kept. */
export interface ReadinessProbe {
  /** Whether every one of them is. Who asks meanwhile gets the same answer. Never rejects. */
  ask(): Promise<boolean>;
  close(): void;
}
