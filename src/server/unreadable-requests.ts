import { STATUS_CODES } from "node:http";

/** What Node.js finds wrong with a request before it is one, by its codes; anything else is a bad request. */
const refusals: Readonly<Record<string, { status: number; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: "The request's headers are too large." },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: "The request did not arrive in time." },
};

const badRequest = { status: 400, message: "This is no HTTP request that can be read." };

/** The answer to what is no request, as it goes over the wire. Nothing is known of whose API was meant. */
export function refusalOf(code = ""): string {
  const { status, message } = (Object.hasOwn(refusals, code) ? refusals[code] : undefined) ?? badRequest;
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
