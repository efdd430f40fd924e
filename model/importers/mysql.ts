import type { Fact } from "./fact.js";
import type { MysqlFacts } from "./host-facts.js";
import { readIni } from "./ini-file.js";
import type { Importer } from "./ledger.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { portNumber, wholeNumber } from "./words.js";

/** Groups that mysqld and mysqld_safe read; mysqld_safe's pid-file is handed on to mysqld. */
const SERVER_GROUPS = new Set(["mysqld", "server", "mysqld_safe", "mariadb", "galera", "mysqld-5.1"]);
const CLIENT_GROUPS = new Set(["client", "mysql", "mysqldump", "mysqladmin", "mysqlhotcopy", "isamchk", "myisamchk"]);

const KNOWN = new Map([
  ...because("ignored", "paths and users inside the node, taken for right", "socket pid_file user"),
  ...because("ignored", "InnoDB is the engine modelled", "default_storage_engine"),
  ...because("not-modelled", "connections are not counted", "max_connections"),
  ...because("not-modelled", "a commit is taken for written when it is acknowledged", "innodb_flush_log_at_trx_commit"),
  ...because(
    "ignored",
    "logging does not change what is served",
    "log_error log_warnings slow_query_log long_query_time general_log",
  ),
  ...because(
    "ignored",
    "how data looks inside the database",
    `symbolic_links character_set_server collation_server innodb_file_per_table sql_mode skip_name_resolve
     lower_case_table_names default_time_zone init_connect`,
  ),
  ...because(
    "not-modelled",
    "sizes and memory are not modelled; how long recovery takes is the topology's",
    `innodb_log_file_size innodb_buffer_pool_size innodb_log_buffer_size key_buffer_size query_cache_size
     max_allowed_packet table_open_cache thread_cache_size innodb_data_file_path innodb_autoinc_lock_mode tmpdir
     innodb_log_files_in_group open_files_limit sort_buffer_size read_buffer_size tmp_table_size max_heap_table_size`,
  ),
  ...because(
    "not-modelled",
    "transactions are not modelled one by one",
    "innodb_lock_wait_timeout innodb_flush_method transaction_isolation wait_timeout interactive_timeout innodb_doublewrite",
  ),
  ...because(
    "not-modelled",
    "replication by binary logs is not modelled",
    "log_bin server_id binlog_format sync_binlog relay_log log_slave_updates read_only expire_logs_days",
  ),
]);

/** /etc/my.cnf. Errors: a number that is none, innodb_flush_log_at_trx_commit other than 0, 1, 2. */
export const importMysql: Importer<MysqlFacts> = (text, file) => {
  const { ledger, entries } = readIni(text, file, "mysql");
  const said = new Map<string, Fact<string>>();
  for (const entry of entries) {
    const group = entry.section.toLowerCase();
    const name = entry.name
      .toLowerCase()
      .replaceAll("-", "_")
      .replace(/^(?:loose|enable)_/, "");
    if (CLIENT_GROUPS.has(group)) ledger.ignored(entry.line, "clients' settings");
    else if (!SERVER_GROUPS.has(group)) ledger.unrecognised(entry.line, `group ${entry.section}`);
    else {
      const before = said.get(name);
      if (before !== undefined) ledger.ignored(before.line, `line ${entry.line} says it again, the last one counts`);
      said.set(name, { value: entry.value ?? "1", file, line: entry.line });
    }
  }
  const text_ = (name: string): string | undefined => {
    const fact = said.get(name);
    if (fact !== undefined && !KNOWN.has(name)) ledger.modelled(fact.line);
    return fact?.value;
  };
  const line = (name: string) => said.get(name)!.line;
  const flush = text_("innodb_flush_log_at_trx_commit") ?? "1";
  if (!["0", "1", "2"].includes(flush))
    throw ledger.error(line("innodb_flush_log_at_trx_commit"), "innodb_flush_log_at_trx_commit: unknown", flush, [
      "0",
      "1",
      "2",
    ]);
  const port = text_("port");
  const connections = text_("max_connections");
  const cluster = text_("wsrep_cluster_address");
  const clusterName = text_("wsrep_cluster_name");
  const facts: MysqlFacts = {
    file,
    datadir: text_("datadir") ?? "/var/lib/mysql",
    socket: text_("socket") ?? "/var/lib/mysql/mysql.sock",
    port: port === undefined ? 3306 : portNumber(ledger, line("port"), "port", port),
    bindAddress: text_("bind_address") ?? "*",
    user: text_("user") ?? "mysql",
    maxConnections:
      connections === undefined
        ? 151
        : wholeNumber(ledger, line("max_connections"), "max_connections", connections, 1, 100_000),
    flushLogAtTrxCommit: Number(flush) as 0 | 1 | 2,
    said,
    ...present({
      pidFile: text_("pid_file"),
      defaultStorageEngine: text_("default_storage_engine"),
      galera:
        cluster === undefined
          ? undefined
          : { clusterAddress: cluster, ...present({ clusterName }), line: line("wsrep_cluster_address") },
    }),
  };
  for (const [name, fact] of said) {
    if (ledger.isMarked(fact.line)) continue;
    const known = KNOWN.get(name);
    if (known !== undefined) ledger.mark(fact.line, ...known);
    else if (name.startsWith("wsrep_")) ledger.notModelled(fact.line, "Galera is modelled by its members alone");
    else ledger.unrecognised(fact.line, `setting ${name}`);
  }
  return { facts, ledger: ledger.entries() };
};
