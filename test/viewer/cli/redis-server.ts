import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Redis } from "ioredis";

/** A server of our own on loopback, which writes everything down before it answers. */
export class RedisServer {
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  static async start(folder: string): Promise<RedisServer> {
    const server = new RedisServer(folder, await freePort());
    await server.#up();
    return server;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Killed, and started again with the file that it appended to. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#up();
  }

  async stop(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    process.kill("SIGKILL");
    await once(process, "exit");
  }

  async #up(): Promise<void> {
    const options = {
      port: this.#port,
      bind: "127.0.0.1",
      dir: this.#folder,
      appendonly: "yes",
      appendfsync: "always",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#process = spawn("redis-server", [...args, "--save", ""], { stdio: "ignore" });
    const client = new Redis(this.address, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on("error", () => {});
    await client.ping();
    client.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
