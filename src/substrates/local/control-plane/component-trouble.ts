/** What can go wrong beside a component that runs and goes on running. */
type TroubleKind = "log" | "pid file" | "health" | "end";

/** Told of a trouble in a sentence, or, with undefined, that there is none (any more). Called often; must not throw. */
export type TroubleListener = (kind: TroubleKind, sentence: string | undefined) => void;

/** The reason of the event that tells of a trouble. */
const reasons: Readonly<Record<TroubleKind, string>> = {
  log: "LogNotKept",
  "pid file": "PidFileNotWritten",
  health: "HealthUnknown",
  end: "ComponentNotEnded",
};

/** Passes each trouble on once, and again only after it was over: a disk stays full for hours. */
export function tellOnce(tell: (reason: string, sentence: string) => void): TroubleListener {
  const lasting = new Set<TroubleKind>();
  return (kind, sentence) => {
    if (sentence === undefined) {
      lasting.delete(kind);
      return;
    }
    if (lasting.has(kind)) return;
    lasting.add(kind);
    tell(reasons[kind], sentence);
  };
}
