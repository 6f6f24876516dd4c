/* A document whose figures are closed: what was counted, and its reports as they were printed. */
#ifndef MOOC_CLOSE_DOCUMENT_H
#define MOOC_CLOSE_DOCUMENT_H

#include "../report/reports.h"
#include "as_of.h"

#define DOCUMENT_NAME_MAX 200

struct document {
    const char *name; /* "555/CAT"; not the document's own */
    const char *wave, *training, *reason;
    int64_t at_us;
    struct as_of_basis basis;
    struct report **reports; /* each report in each language; owned */
    size_t report_count;
};

void document_release(struct document *document);
void document_add(struct document *document, struct report *report);

/* Inside a transaction: keeps all of it. A name that is taken is ERROR_STATE. */
bool document_keep(struct pg *pg, const struct document *document, struct error *err) MUST_CHECK;

/* What is said of a document, without its reports. Texts live as long as *out; document_head_release frees them. */
struct document_head {
    char *wave, *training, *closed_at, *closed_by; /* the third in time of Vietnam */
    int64_t at_us;
    int fold_version;
    struct as_of_basis basis;
};
/* ERROR_USAGE if there is none of that name, naming those that are. */
bool document_find(struct pg *pg, const char *name, struct document_head *out, struct error *err)
    MUST_CHECK;
void document_head_release(struct document_head *head);
/* A vector as documents keep it: [["topic",partition,next offset],…]. Goes to the end of out. */
void document_offsets(const struct replay_vector *vector, struct text_buffer *out);

/* A report as it was printed; its checksum is looked at. ERROR_USAGE if it was not closed, naming those that were. */
struct report *document_report(struct pg *pg, const char *name, const char *report,
                               enum language language, struct error *err);
/* All of them, one after the other, the further ones as parts. */
struct report *document_all(struct pg *pg, const char *name, enum language language,
                            struct error *err);
/* Where only one of them can be printed: ERROR_USAGE names them, or what document_find says. */
void document_refuse_all(struct pg *pg, const char *name, struct error *err);
/* Its reports' names, in the order of their closing. Freed as rows. */
struct pg_rows *document_reports(struct pg *pg, const char *name, struct error *err);

#endif
