/** Thrown when what is asked for does not fit into a network any more. The message names the network and the way out. */
export class NoRoomError extends Error {
  override readonly name: string = "NoRoomError";
}

/** Thrown when a Pod range has to be chosen for a cluster and every one of them is in use in its VPC. */
export class NoPodRangeError extends NoRoomError {
  override readonly name = "NoPodRangeError";
}
