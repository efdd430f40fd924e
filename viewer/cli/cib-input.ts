import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import unbzip2 from "unbzip2-stream";
import { InputError } from "../../model/errors.js";

/** Larger than any CIB, compressed or not. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a CIB: from a file, from standard input for `-`, decompressed where it is bzip2'd as pe-inputs are. */
export async function readCibText(path: string): Promise<string> {
  const bytes = readBytes(path);
  if (bytes.length > MAX_BYTES) throw tooLarge(path);
  const plain = isBzip2(bytes) ? await decompress(bytes, path) : bytes;
  return plain.toString("utf8");
}

function readBytes(path: string): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = path === "-" ? 0 : openSync(path, "r");
    if (fstatSync(descriptor).isDirectory()) throw new InputError({ file: path, line: 0, message: "is a directory" });
    return readFileSync(descriptor);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError({
      file: path,
      line: 0,
      message: code === "ENOENT" ? "no such file" : `cannot be read (${code})`,
    });
  } finally {
    if (descriptor !== undefined && descriptor !== 0) closeSync(descriptor);
  }
}

function isBzip2(bytes: Buffer): boolean {
  return bytes.length > 3 && bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68;
}

function decompress(bytes: Buffer, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stream = Readable.from([bytes]).pipe(unbzip2());
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) {
        stream.destroy();
        reject(tooLarge(path));
        return;
      }
      chunks.push(chunk);
    });
    stream.on("end", () => resolve(Buffer.concat(chunks)));
    stream.on("error", (error: Error) => {
      reject(new InputError({ file: path, line: 0, message: `not a whole bzip2 file: ${error.message}` }));
    });
  });
}

function tooLarge(path: string): InputError {
  return new InputError({ file: path, line: 0, message: `larger than ${MAX_BYTES} bytes` });
}
