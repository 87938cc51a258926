import { Duplex } from "node:stream";
import type { MessagePort } from "node:worker_threads";

/** The most of an answer, in bytes, that the driver reads in one turn of the event loop: a long list holds nobody up. */
const pieceLength = 64 * 1024;

/**
 * A connection to the database in another thread, as the PostgreSQL driver takes it: in place of a socket. What the driver
 * writes in one turn of the event loop goes over as one message, so that a query is one way there and one back.
 */
export class ThreadConnection extends Duplex {
  readonly #connect: () => Promise<MessagePort>;
  #port: MessagePort | undefined;

  /**
   * @param connect gives the end of a channel whose other end the database has got; where it rejects, because the database
   * has ended, the connection ends
   */
  constructor(connect: () => Promise<MessagePort>) {
    super();
    this.#connect = connect;
  }

  /** The driver's call for what a socket does: emits `connect`. */
  connect(): this {
    this.#connect().then(
      (port) => this.#open(port),
      (error: Error) => void this.destroy(error),
    );
    return this;
  }

  #open(port: MessagePort): void {
    this.#port = port;
    if (this.destroyed) {
      port.close();
      return;
    }
    port.on("message", (answer: Uint8Array) => this.#receive(answer));
    port.on("close", () => this.destroy(this.writableEnded ? undefined : new Error("the embedded database has ended")));
    this.emit("connect");
  }

  #receive(answer: Uint8Array): void {
    if (this.destroyed) return;
    this.push(answer.subarray(0, pieceLength));
    if (answer.length > pieceLength) setImmediate(() => this.#receive(answer.subarray(pieceLength)));
  }

  override _read(): void {
    // Answers come by themselves.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send(new Uint8Array(chunk));
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))));
    done();
  }

  #send(statements: Uint8Array<ArrayBuffer>): void {
    this.#port?.postMessage(statements, [statements.buffer]);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port?.close();
    done(error);
  }

  /** What a socket can be told, and a channel of messages has no use for. */
  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#port?.ref();
    return this;
  }

  unref(): this {
    this.#port?.unref();
    return this;
  }
}
