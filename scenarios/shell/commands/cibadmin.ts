import { schemaProblems } from "../../../model/cluster/cib/schema/check.js";
import type { Cib, XmlElement } from "../../../model/cluster/cib/types.js";
import { cibElement, writeCib, writeXml } from "../../../model/cluster/cib/write.js";
import { element, parseXml } from "../../../model/cluster/cib/xml.js";
import { withEdited, withElement } from "../../../model/cluster/configuration/edit.js";
import { InputError } from "../../../model/errors.js";
import { unplayable } from "../added-resources.js";
import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { absolute } from "../names.js";
import { type Options, readOptions } from "../options.js";
import { here } from "../pacemaker.js";
import { findByXpath } from "../xpath.js";

const SECTIONS =
  "crm_config nodes resources constraints rsc_defaults op_defaults tags acls alerts fencing-topology".split(" ");

/** Exit codes of cibadmin. Source: cibadmin(8) and what it does. */
const NO_SUCH_OBJECT = 105;
const NOT_UNIQUE = 76;

/** cibadmin: the CIB looked at and changed. Source: cibadmin(8). */
export const cibadmin: ShellCommand = {
  names: ["cibadmin"],
  interface: "Pacemaker",
  run(call) {
    const options = readOptions(call.args, {
      flags: [
        "-Q --query",
        "-C --create",
        "-M --modify",
        "-R --replace",
        "-D --delete",
        "-d --delete-all",
        "-B --bump",
        "-l --local",
        "-c --allow-create",
        "-f --force",
        "-p --xml-pipe",
        "-n --no-children",
        "-s --sync-call",
        "-V --verbose",
      ],
      values: ["-o --scope", "-A --xpath", "-X --xml-text", "-x --xml-file", "-t --timeout"],
    });
    if (options.unknown !== undefined) return call.notModelled(`cibadmin ${options.unknown}`);
    const found = here(call, "cibadmin: Connection to cluster failed: Transport endpoint is not connected");
    if ("failed" in found) return { ...found.failed, exitCode: found.failed.exitCode === 127 ? 127 : 102 };
    const { flags } = options;
    if (flags.has("query")) return query(call, found.cib, options);
    const verb = ["create", "modify", "replace", "delete", "delete-all", "bump"].find((name) => flags.has(name));
    if (verb === undefined)
      return fail("cibadmin: no command was given: --query, --create, --modify, --replace, --delete", 64);
    if (verb === "bump") return write(call, found.cib, (cib) => cib);
    return change(call, found.cib, verb, options);
  },
};

function query(call: Call, cib: Cib, { values, flags }: Options): Result {
  const xpath = values.get("xpath");
  if (xpath !== undefined) {
    const found = findByXpath(cibElement(cib), xpath);
    if (!found) return call.notModelled(`cibadmin --xpath ${xpath}`);
    if (found.length === 0) return noSuchObject();
    const shown = flags.has("no-children") ? found.map((one) => ({ ...one, children: [] })) : found;
    const [only] = shown;
    return ok(writeXml(shown.length === 1 ? only! : element("xpath-query", {}, shown)));
  }
  const scope = values.get("scope");
  if (scope === undefined || scope === "cib") return ok(writeCib(cib));
  if (scope === "configuration") return ok(writeXml(cib.configuration));
  const root = scope === "status" ? cibElement(cib) : cib.configuration;
  const part = root.children.find(({ name }) => name === scope);
  if (part) return ok(writeXml(part));
  return SECTIONS.includes(scope) ? noSuchObject() : fail(`cibadmin: Invalid value '${scope}' for '-o'`, 64);
}

function change(call: Call, cib: Cib, verb: string, options: Options): Result {
  const { values, flags } = options;
  const xpath = values.get("xpath");
  if (verb.startsWith("delete") && xpath !== undefined) {
    const found = findByXpath(cib.configuration, xpath.replace(/^\/cib\/configuration/, "/configuration"));
    if (!found || /status|node_state|lrm/.test(xpath)) return call.notModelled(`cibadmin --delete --xpath ${xpath}`);
    if (found.length === 0) return noSuchObject();
    const gone = new Set(found);
    return write(call, cib, (now) => withEdited(now, (one) => (gone.has(one) ? undefined : one)));
  }
  const given = givenXml(call, options);
  if ("failed" in given) return given.failed;
  const { xml } = given;
  if (xml.name === "cib") return call.notModelled(`cibadmin --${verb} of a whole CIB`);
  const scope = values.get("scope");
  const section = scope ?? (SECTIONS.includes(xml.name) ? xml.name : undefined);
  if (section === "status" || xml.name === "node_state") return call.notModelled("cibadmin writing to the status");
  if (xpath !== undefined) return call.notModelled(`cibadmin --${verb} --xpath`);
  // `-o resources -X '<resources>…'` and `-o resources -X '<primitive …>'` mean the same section.
  const added = xml.name === section ? xml.children : [xml];
  if (verb === "replace" && section !== undefined && xml.name === section)
    return write(call, cib, (now) => withEdited(now, (one) => (one.name === section ? xml : one)));
  if (added.some((one) => one.attrs["id"] === undefined && verb !== "delete")) return notInSchema();
  for (const one of added) {
    const known = find(cib.configuration, (other) => other.name === one.name && isLike(other, one));
    if (verb === "create" && find(cib.configuration, (other) => other.attrs["id"] === one.attrs["id"]))
      return fail("Call failed: Name not unique on network", NOT_UNIQUE);
    if (!known && verb !== "create" && !flags.has("allow-create")) return noSuchObject();
    if (!known && section === undefined)
      return fail("cibadmin: the section of the update is not known: --scope names it", 64);
  }
  return write(call, cib, (now) => added.reduce((all, one) => applied(all, verb, one, section), now));
}

/** An update names an element by its id, or by all the attributes that it gives. */
function isLike(other: XmlElement, one: XmlElement): boolean {
  if (one.attrs["id"] !== undefined) return other.attrs["id"] === one.attrs["id"];
  return Object.entries(one.attrs).every(([name, value]) => other.attrs[name] === value);
}

function applied(cib: Cib, verb: string, one: XmlElement, section: string | undefined): Cib {
  const isThere = find(cib.configuration, (other) => other.name === one.name && isLike(other, one)) !== undefined;
  if (!isThere) return section === undefined ? cib : withElement(cib, section, one);
  return withEdited(cib, (other) => {
    if (other.name !== one.name || !isLike(other, one)) return other;
    if (verb.startsWith("delete")) return undefined;
    return verb === "replace" ? one : merged(other, one);
  });
}

/** An update's attributes and children put over what is there. */
function merged(there: XmlElement, update: XmlElement): XmlElement {
  const children = [...there.children];
  for (const one of update.children) {
    const at = children.findIndex((other) => other.name === one.name && isLike(other, one));
    if (at < 0) children.push(one);
    else children[at] = merged(children[at]!, one);
  }
  return element(there.name, { ...there.attrs, ...update.attrs }, children);
}

function find(root: XmlElement, test: (one: XmlElement) => boolean): XmlElement | undefined {
  for (const child of root.children) {
    const found = test(child) ? child : find(child, test);
    if (found) return found;
  }
  return undefined;
}

function givenXml(call: Call, { values, flags }: Options): { readonly xml: XmlElement } | { readonly failed: Result } {
  const file = values.get("xml-file");
  const text = flags.has("xml-pipe")
    ? call.stdin
    : (values.get("xml-text") ?? (file === undefined ? undefined : call.files.text(absolute(call.cwd, file))));
  if (text === undefined)
    return {
      failed: fail(
        file === undefined ? "cibadmin: --xml-text, --xml-file or --xml-pipe is needed" : `Could not read ${file}`,
        64,
      ),
    };
  try {
    return { xml: parseXml(text.trim(), "--xml-text") };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { failed: fail(`cibadmin: could not parse the XML: ${error.message}`, 65) };
  }
}

function write(call: Call, cib: Cib, edit: (cib: Cib) => Cib): Result {
  const edited = edit(cib);
  if (!conforms(edited) && conforms(cib)) return notInSchema();
  const reason = unplayable(cib, edited);
  if (reason !== undefined) return call.notModelled(`cibadmin: ${reason}`);
  const { handle, node, twin, args } = call;
  const typed = `cibadmin ${args.join(" ")}`;
  handle.act(node, typed, (instant) => twin.clusters.operator.edit(instant, node, typed, edit));
  return ok();
}

function conforms({ attrs, configuration }: Cib): boolean {
  return schemaProblems(attrs, configuration).length === 0;
}

function notInSchema(): Result {
  return fail("Call cib_modify failed (-203): Update does not conform to the configured schema", 78);
}

function noSuchObject(): Result {
  return fail("Call cib_query failed (-6): No such device or address", NO_SUCH_OBJECT);
}
