import type { ShellCommand } from "../command.js";
import { configure } from "./crm-configure.js";

/** Verbs of crmsh with the command of Pacemaker or pcs that does the same. Source: crm(8). */
export const crm: ShellCommand = {
  names: ["crm"],
  interface: "Pacemaker",
  async run(call) {
    const [level = "", verb = "", ...rest] = call.args.filter((arg) => arg !== "-w" && arg !== "-F");
    if (level === "configure" && CONFIGURE.has(verb)) return configure(call, verb, rest);
    const line = translated(level, verb, rest);
    return line === undefined ? call.notModelled(`crm ${call.args.join(" ")}`) : call.exec(line);
  },
};

const CONFIGURE: ReadonlySet<string> = new Set(
  "primitive group clone location order colocation collocation delete".split(" "),
);

function translated(level: string, verb: string, rest: readonly string[]): string | undefined {
  const [one = "", two = ""] = rest;
  if (level === "status") return "crm_mon -1r";
  if (level === "node")
    switch (verb) {
      case "standby":
        return `crm_attribute --type nodes --node ${one || "$(crm_node -n)"} --name standby --update on`;
      case "online":
        return `crm_attribute --type nodes --node ${one || "$(crm_node -n)"} --name standby --delete`;
      case "maintenance":
        return `crm_attribute --type nodes --node ${one || "$(crm_node -n)"} --name maintenance --update true`;
      case "ready":
        return `crm_attribute --type nodes --node ${one || "$(crm_node -n)"} --name maintenance --delete`;
      case "fence":
        return `stonith_admin --reboot ${one}`;
      case "list":
        return "crm_node -l";
      default:
        return undefined;
    }
  if (level === "resource")
    switch (verb) {
      case "status":
      case "show":
        return one === "" ? "crm_resource --list" : `crm_resource --locate --resource ${one}`;
      case "start":
        return `crm_resource --resource ${one} --meta --delete-parameter target-role`;
      case "stop":
        return `crm_resource --resource ${one} --meta --set-parameter target-role --parameter-value Stopped`;
      case "manage":
        return `crm_resource --resource ${one} --meta --delete-parameter is-managed`;
      case "unmanage":
        return `crm_resource --resource ${one} --meta --set-parameter is-managed --parameter-value false`;
      case "move":
      case "migrate":
        return `crm_resource --move --resource ${one}${two === "" ? "" : ` --node ${two}`}`;
      case "ban":
        return `crm_resource --ban --resource ${one}${two === "" ? "" : ` --node ${two}`}`;
      case "clear":
      case "unmove":
      case "unmigrate":
        return `crm_resource --clear --resource ${one}`;
      case "cleanup":
        return `crm_resource --cleanup${one === "" ? "" : ` --resource ${one}`}${two === "" ? "" : ` --node ${two}`}`;
      case "restart":
        return `crm_resource --restart --resource ${one}`;
      case "failcount":
        return rest[1] === "show" || rest[1] === "delete"
          ? `crm_failcount --resource ${one} ${rest[1] === "show" ? "--query" : "--delete"}${rest[2] === undefined ? "" : ` --node ${rest[2]}`}`
          : undefined;
      case "constraints":
        return `crm_resource --constraints --resource ${one}`;
      case "refresh":
        return `crm_resource --refresh${one === "" ? "" : ` --resource ${one}`}`;
      default:
        return undefined;
    }
  if (level === "configure" && verb === "property") {
    const [name, value] = one.split("=");
    return value === undefined ? undefined : `crm_attribute --type crm_config --name ${name} --update ${value}`;
  }
  if (level === "configure" && verb === "verify") return "crm_verify --live-check";
  if (level === "configure" && verb === "show") return "cibadmin --query --scope configuration";
  if (level === "cluster" && (verb === "start" || verb === "stop")) return `service pacemaker ${verb}`;
  return undefined;
}
