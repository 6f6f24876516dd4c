/* PostgreSQL; only the files behind this one know libpq (pg_private.h). Errors carry SQLSTATE's meaning: lost connection, shutdown, deadlock and
 * serialization failures are retriable (ERROR_UNREACHABLE or ERROR_STATE), a lost connection in COMMIT is ERROR_UNKNOWN_OUTCOME.
 * A pg is used by one thread at a time. */
#ifndef MOOC_AGGREGATOR_PG_H
#define MOOC_AGGREGATOR_PG_H

#include "../common/base.h"
#include "../common/error.h"
#include "../common/options.h"

struct pg;
struct pg_rows;

/* Connects with the options database (conninfo or URI without password), database_password_file; sets application_name,
 * time zone UTC, connect_timeout, keepalives, tcp_user_timeout, target_session_attrs=read-write unless read_only. */
struct pg *pg_connect(const struct options *options, const char *application_name, bool read_only,
                      struct error *err);
/* How long to wait for a reply before the connection counts as lost; 0, as after connecting: without end. */
void pg_set_patience(struct pg *pg, int64_t ms);
/* From now on a requested stop (stop.h) cancels the statement that is waited for, which then fails with ERROR_STOPPED. For what only
 * reads, or is rolled back. */
void pg_end_on_stop(struct pg *pg);
/* Called after each statement of pg_query_binary, pg_copy_in and pg_commit (whose text is "COMMIT") with the time it took, from its
 * first byte sent to its last reply. NULL: nobody wants to know, as after connecting. */
typedef void (*pg_observer)(void *context, const char *sql, int64_t us);
void pg_observe(struct pg *pg, pg_observer observer, void *context);

/* For a thread that watches over the one that uses pg (pg_line.h); it may be used until pg is freed. */
struct pg_line;
struct pg_line *pg_line(struct pg *pg);
/* Is the option database a connection string without a secret in it? Connects nowhere; for --check-config. */
bool pg_check_options(const struct options *options, struct error *err) MUST_CHECK;
/* Is the session that of a BI tool's login, which has a right to schema bi alone? Then sets err to what the command needs instead. */
bool pg_refuse_reader(struct pg *pg, struct error *err);
/* "db:pg://LOGIN@HOST:PORT/DATABASE" of this connection, as sqitch takes it; without a password. */
#define PG_ADDRESS_SIZE 512
void pg_address(const struct pg *pg, const char *login, char out[PG_ADDRESS_SIZE]);
void pg_free(struct pg *pg);
bool pg_alive(const struct pg *pg);

/* One or more statements without parameters or result. */
bool pg_run(struct pg *pg, const char *sql, struct error *err) MUST_CHECK;
bool pg_begin(struct pg *pg, struct error *err) MUST_CHECK;
bool pg_commit(struct pg *pg, struct error *err) MUST_CHECK;
void pg_rollback(struct pg *pg); /* never fails: a dead connection has rolled back */

/* Text parameters (NULL = SQL NULL), text results. NULL on failure. */
struct pg_rows *pg_query(struct pg *pg, const char *sql, size_t count,
                         const char *const *parameters, struct error *err);

/* Binary parameters with their type oids; results binary. Prepared once per connection and statement text. */
struct pg_parameter {
    uint32_t type;
    const void *data; /* NULL = SQL NULL */
    size_t length;
};
struct pg_rows *pg_query_binary(struct pg *pg, const char *sql, size_t count,
                                const struct pg_parameter *parameters, struct error *err);

void pg_rows_free(struct pg_rows *rows);
size_t pg_rows_count(const struct pg_rows *rows);
size_t pg_rows_columns(const struct pg_rows *rows);
const char *pg_rows_column_name(const struct pg_rows *rows, size_t column);
/* NULL for SQL NULL. Text results are NUL-terminated. */
const char *pg_rows_value(const struct pg_rows *rows, size_t row, size_t column);
size_t pg_rows_length(const struct pg_rows *rows, size_t row, size_t column);
int64_t pg_rows_integer(const struct pg_rows *rows, size_t row, size_t column, int64_t if_null);
/* Rows changed by INSERT, UPDATE, DELETE. */
int64_t pg_rows_affected(const struct pg_rows *rows);

/* COPY … FROM STDIN (FORMAT binary), data = the whole stream with header and trailer. */
bool pg_copy_in(struct pg *pg, const char *sql, const void *data, size_t length, struct error *err)
    MUST_CHECK;
/* The same piece by piece: begin, put as often as there is something, end. After a failure the COPY is over. */
bool pg_copy_begin(struct pg *pg, const char *sql, struct error *err) MUST_CHECK;
bool pg_copy_put(struct pg *pg, const void *data, size_t length, struct error *err) MUST_CHECK;
bool pg_copy_end_in(struct pg *pg, struct error *err) MUST_CHECK;
/* COPY … TO STDOUT: begin, next until *data is NULL. *data is a row as the server sent it and is good until the next call of these;
 * memory holds one row. Stopped (stop.h), the connection is of no more use. */
bool pg_copy_out_begin(struct pg *pg, const char *sql, struct error *err) MUST_CHECK;
bool pg_copy_out_next(struct pg *pg, const char **data, size_t *length, struct error *err) MUST_CHECK;
/* Of the last error: SQLSTATE, "" if none. */
const char *pg_sqlstate(const struct pg *pg);
/* From now on: none. */
void pg_forget_error(struct pg *pg);

#endif
