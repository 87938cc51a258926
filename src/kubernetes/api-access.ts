/**
 * How to reach one cluster's API server with a client certificate. PEM texts, not paths: they come from the encrypted
 * store and need no files.
 */
export interface ApiAccess {
  /** Base address, e.g. `https://127.64.1.1:6443`. */
  server: string;
  /** PEM of the CA that signed the API server's serving certificate. */
  ca: string;
  /** PEM of the client certificate and its key. */
  cert: string;
  key: string;
}
