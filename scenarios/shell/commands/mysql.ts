import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { ask, failureOf } from "../reach.js";

/** mysql and mysqladmin: whether the server answers, and the few statements that runbooks ask. Source: mysql(1). */
export const mysql: ShellCommand = {
  names: ["mysql", "mysqladmin"],
  interface: "MySQL",
  run(call) {
    const { rest, values, unknown } = readOptions(call.args, {
      flags: ["-N --skip-column-names", "-B --batch", "-s --silent", "-v --verbose", "-t"],
      values: [
        "-h --host",
        "-u --user",
        "-P --port",
        "-e --execute",
        "--connect_timeout --connect-timeout",
        "-S --socket",
        "-D --database",
        "-w --wait",
      ],
    });
    const isPassword = unknown === "-p" || unknown === "--password";
    if (unknown !== undefined && !isPassword) return call.notModelled(`${call.name} ${unknown}`);
    const trouble = connect(call, values);
    if (call.name === "mysqladmin") {
      const verb = rest[0] ?? "";
      if (verb === "ping") return trouble ?? ok("mysqld is alive");
      if (verb === "status") return trouble ?? ok("Uptime: 600  Threads: 12  Questions: 4211  Slow queries: 0");
      return call.notModelled(`mysqladmin ${rest.join(" ")}`);
    }
    if (trouble) return trouble;
    const statement = (values.get("execute") ?? call.stdin).trim().replace(/;$/, "");
    if (/^select\s+1$/i.test(statement)) return ok("1\n1");
    if (/^select\s+@@hostname$/i.test(statement)) return ok(`@@hostname\n${serverOf(call, values)}`);
    const variable = /^show\s+(?:global\s+)?variables\s+like\s+['"]hostname['"]$/i.test(statement);
    if (variable) return ok(`Variable_name\tValue\nhostname\t${serverOf(call, values)}`);
    if (/^show\s+databases$/i.test(statement))
      return ok("Database\ninformation_schema\ncinder\nglance\nheat\nkeystone\nmysql\nneutron\nnova");
    if (/^show\s+(full\s+)?processlist$/i.test(statement)) return ok("Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo");
    return call.notModelled(`the statement ${statement.slice(0, 80) || "typed by hand"}`);
  },
};

function serverOf(call: Call, values: ReadonlyMap<string, string>): string {
  const host = values.get("host") ?? "localhost";
  return call.twin.network.holders(call.read, host)[0] ?? (host === "localhost" ? call.node : host);
}

/** Connects through the socket or the network; the client's own words where it cannot. */
function connect(call: Call, values: ReadonlyMap<string, string>): Result | undefined {
  const { twin, read, node } = call;
  const host = values.get("host") ?? "localhost";
  if (host === "localhost") {
    const database = [...twin.topology.databases.values()].find((one) => one.nodes.includes(node));
    const isThere = database !== undefined && twin.plant.storage.mysql.answer(read, database.id, node) === "ok";
    return isThere
      ? undefined
      : fail("ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/lib/mysql/mysql.sock' (2)");
  }
  const asked = ask(call, host, Number(values.get("port") ?? 3306), Number(values.get("connect-timeout") ?? 63) * 1000);
  if (asked === undefined) return fail(`ERROR 2005 (HY000): Unknown MySQL server host '${host}' (2)`);
  const failure = failureOf(asked.path);
  const code = { timeout: 110, refused: 111, unreachable: 113 };
  if (failure !== undefined)
    return fail(`ERROR 2003 (HY000): Can't connect to MySQL server on '${host}' (${code[failure]})`);
  return asked.path.answer.grade === "failed"
    ? fail(`ERROR 2013 (HY000): Lost connection to MySQL server: ${asked.path.answer.text}`)
    : undefined;
}
