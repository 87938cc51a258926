import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";

/**
 * Lets the API listen where the settings say.
 * @returns its address, e.g. `http://127.0.0.1:7080`
 * @throws Error that names the setting when the address is taken or not this machine's
 */
export async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new Error(
        `Port ${port} of ${host} is in use by another program; set SAMPAN_PORT to a free one (0 takes any).`,
      );
    if (code === "EADDRNOTAVAIL") throw new Error(`SAMPAN_HOST is ${host}, which is no address of this machine.`);
    if (code === "EACCES") throw new Error(`Port ${port} may only be used by root; set SAMPAN_PORT to one above 1023.`);
    throw error;
  }
  const { address, family, port: bound } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}
