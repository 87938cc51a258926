import type { StageContext, Substrate } from "../../substrates/substrate.ts";

/** A substrate whose stages do what a test says, and which takes clusters up as a test says. */
export function substrateOf(
  stages: { [name: string]: (context: StageContext) => Promise<void> },
  resume: Substrate["resume"] = async () => undefined,
): Substrate {
  const undone = async () => undefined;
  return {
    name: "scripted",
    preflight: async () => undefined,
    creation: Object.entries(stages).map(([name, run]) => ({ name, title: name, run, undo: undone })),
    modification: Object.entries(stages).map(([name, run]) => ({ name: `change-${name}`, title: name, run })),
    removal: [{ name: "remove", title: "remove", run: async () => undefined }],
    resume,
    suspend: async () => undefined,
    kubeconfig: async () => ({ config: "", expiration: new Date() }),
    adminAccess: async () => ({ endpoints: { public: undefined, intranet: "" }, ca: "", cert: "", key: "" }),
    isReady: async () => true,
    observeNodes: async () => [],
    serviceAccountKeys: async () => ({ keys: [] }),
    describe: () => ({ endpoints: undefined, runningVersion: undefined }),
  };
}

/** Never ends by itself; leaves with the signal's reason. */
export const never = ({ signal }: { signal: AbortSignal }) =>
  new Promise<void>((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
