/** What stands in an `Authorization` header of the vendors' newer signatures: a scheme, then three fields. */
export interface HeaderSignature {
  accessKeyId: string;
  /** Lower-case header names in the order the client signed them. */
  signedHeaders: string[];
  /** Lower-case hexadecimal, 64 digits. */
  signature: string;
}

/** How a vendor writes them. */
export interface HeaderSignatureForm {
  /** The first word, e.g. `ACS3-HMAC-SHA256`. */
  scheme: string;
  /** Name of the field that has the access key's id. */
  keyField: string;
  /** What the name of a signed header may be. */
  headerName: RegExp;
}

/**
 * Reads an `Authorization` value of the form `<scheme> <key field>=…, SignedHeaders=a;b, Signature=…`; `undefined` where it is
 * of another one.
 */
export function parseHeaderSignature(
  value: string,
  { scheme, keyField, headerName }: HeaderSignatureForm,
): HeaderSignature | undefined {
  const [first, ...rest] = value.split(" ");
  if (first !== scheme) return undefined;
  const fields = new Map<string, string>();
  for (const piece of rest.join(" ").split(",")) {
    const equals = piece.indexOf("=");
    const name = piece.slice(0, equals).trim();
    if (equals < 0 || fields.has(name)) return undefined;
    fields.set(name, piece.slice(equals + 1).trim());
  }
  const accessKeyId = fields.get(keyField) ?? "";
  const signedHeaders = (fields.get("SignedHeaders") ?? "").split(";");
  const signature = fields.get("Signature") ?? "";
  if (fields.size !== 3 || accessKeyId === "" || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  if (!signedHeaders.every((name) => headerName.test(name))) return undefined;
  if (new Set(signedHeaders).size !== signedHeaders.length) return undefined;
  return { accessKeyId, signedHeaders, signature };
}
