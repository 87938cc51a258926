/** Pauses between attempts, in milliseconds: each twice the one before, from the first to the longest. */
export interface BackOff {
  readonly first: number;
  readonly longest: number;
}

/** The pauses one after the other, without an end. */
export function* pausesOf({ first, longest }: BackOff): Generator<number, never> {
  for (let pause = first; ; pause = Math.min(2 * pause, longest)) yield pause;
}
