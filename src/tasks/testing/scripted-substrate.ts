import type { StageContext, Substrate, SubstrateStage } from "../../substrates/substrate.ts";

/** A substrate whose stages do what a test says, and which takes clusters up as a test says. */
export function substrateOf(
  stages: { [name: string]: (context: StageContext) => Promise<void> },
  resume: Substrate["resume"] = async () => undefined,
): Substrate {
  const undo = { title: "undo", run: async () => undefined };
  const stageOf = (name: string, run: SubstrateStage["run"]) => ({ name, kind: "etcd", title: name, run }) as const;
  return {
    name: "scripted",
    preflight: async () => undefined,
    work: {
      create: Object.entries(stages).map(([name, run]) => ({ ...stageOf(name, run), undo })),
      change: Object.entries(stages).map(([name, run]) => stageOf(`change-${name}`, run)),
    },
    resume,
    suspend: async () => undefined,
    kubeconfig: async () => ({ config: "", expiration: new Date() }),
    adminAccess: async () => ({ endpoints: { public: undefined, intranet: "" }, ca: "", cert: "", key: "" }),
    isReady: async () => true,
    observeNodes: async () => [],
    serviceAccountKeys: async () => ({ keys: [] }),
    certificateAuthority: async () => undefined,
    describe: () => ({ endpoints: undefined, runningVersion: undefined }),
  };
}

/** Never ends by itself; leaves with the signal's reason. */
export const never = ({ signal }: { signal: AbortSignal }) =>
  new Promise<void>((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
