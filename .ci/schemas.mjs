// The JSON Schemas of topologies and scenarios, for editors and other programs: part of every build.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const { topologyJsonSchema } = await import("../dist/model/topology/schema.js");
const { scenarioJsonSchema } = await import("../dist/scenarios/file/json-schema.js");
const folder = join(root, "dist", "schema");
mkdirSync(folder, { recursive: true });
for (const [name, schema] of [
  ["topology", topologyJsonSchema()],
  ["scenario", scenarioJsonSchema()],
])
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
