/** A file to be written. Folders on the way get mode 0700. */
export interface PkiFile {
  /** Absolute. */
  path: string;
  content: string;
  mode: number;
}

/** Every file is its owner's alone: a certificate is no secret, but nobody else has use for it either. */
export function file(path: string, content: string): PkiFile {
  return { path, content, mode: 0o600 };
}
