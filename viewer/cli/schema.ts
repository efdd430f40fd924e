import { Argument, type Command } from "commander";
import { topologyJsonSchema } from "../../model/topology/schema.js";
import { scenarioJsonSchema } from "../../scenarios/file/json-schema.js";

const SCHEMAS = { topology: topologyJsonSchema, scenario: scenarioJsonSchema };

/** `fencepost schema`: the JSON Schemas that editors check topologies and scenarios by. */
export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema of a file that you write")
    .addArgument(new Argument("<kind>", "which file").choices(Object.keys(SCHEMAS)))
    .action((kind: keyof typeof SCHEMAS) => {
      process.stdout.write(`${JSON.stringify(SCHEMAS[kind](), null, 2)}\n`);
    });
}
