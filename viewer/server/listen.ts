import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { InputError } from "../../model/errors.js";

const CONNECTIONS_MAX = 1_000;

/** Listens, with bounds on how long a request may take to come in. Throws InputError where the address is not to be had. */
export function listen(app: Express, host: string, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 }, app);
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const message =
        error.code === "EADDRINUSE"
          ? "another program listens there already"
          : `nobody can listen there: ${error.code}`;
      reject(new InputError({ file: "--port", line: 0, message, value: `${host}:${port}` }));
    });
    server.listen(port, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}
