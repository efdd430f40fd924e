import { fail, ok, type ShellCommand } from "../command.js";

/** crudini and openstack-config: one setting of an ini file read, set or removed; comments stay. Source: crudini(1). */
export const crudini: ShellCommand = {
  names: ["crudini", "openstack-config"],
  interface: "Linux",
  run(call) {
    const [verb, path, sectionName = "DEFAULT", name, value] = call.args.filter((arg) => arg !== "--existing");
    if (path === undefined) return fail("usage: crudini --set config_file section [parameter] [value]");
    const text = call.files.text(path);
    if (text === undefined && verb !== "--set") return fail(`crudini: No such file or directory: ${path}`);
    const lines = (text ?? "").split("\n");
    const start = lines.findIndex((line) => line.trim() === `[${sectionName}]`);
    const next = lines.findIndex((line, i) => i > start && /^\s*\[/.test(line));
    const end = next < 0 ? lines.length : next;
    const at =
      start < 0 || name === undefined
        ? -1
        : lines.findIndex((line, i) => i > start && i < end && line.split(/[=:]/)[0]!.trim() === name);
    switch (verb) {
      case "--get":
        if (start < 0) return fail(`Section not found: ${sectionName}`);
        if (name === undefined) return call.notModelled("crudini --get without a parameter");
        return at < 0 ? fail(`Parameter not found: ${name}`) : ok(lines[at]!.replace(/^[^=:]*[=:]\s*/, ""));
      case "--set": {
        if (name === undefined) return call.notModelled("crudini --set without a parameter");
        const line = `${name} = ${value ?? ""}`;
        if (at >= 0) lines[at] = line;
        else if (start >= 0) lines.splice(start + 1, 0, line);
        else lines.push(`[${sectionName}]`, line, "");
        call.files.put(path, lines.join("\n"));
        return ok();
      }
      case "--del":
        if (at >= 0) call.files.put(path, lines.filter((_, i) => i !== at).join("\n"));
        return ok();
      default:
        return call.notModelled(`crudini ${call.args.join(" ")}`);
    }
  },
};
