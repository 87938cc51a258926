/** Thrown when what is asked for does not fit into a network any more. The message names the network and the way out. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}
