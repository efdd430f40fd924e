import { Readable } from "node:stream";
import unbzip2 from "unbzip2-stream";
import { InputError } from "../../model/errors.js";
import { readInputBytes, readStandardInput } from "../../scenarios/input-file.js";

/** Larger than any CIB, compressed or not. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a CIB: from a file, from standard input for `-`, decompressed where it is bzip2'd as pe-inputs are. */
export async function readCibText(path: string): Promise<string> {
  const limit = { bytesMax: MAX_BYTES };
  const bytes = path === "-" ? readStandardInput(limit) : readInputBytes(path, limit);
  const plain = isBzip2(bytes) ? await decompress(bytes, path) : bytes;
  return plain.toString("utf8");
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
