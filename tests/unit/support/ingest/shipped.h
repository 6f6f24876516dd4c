/* A shipped connector, opened for one test, and what it makes of a record. */
#ifndef MOOC_TEST_SHIPPED_H
#define MOOC_TEST_SHIPPED_H

struct connector;
struct hmac;

int shipped_open(void **state); /* *state: its name */
int shipped_close(void **state);
/* What a name of the scope stands for from now on; NULL = nothing. */
void shipped_text(const char *name, const char *text);
/* Fails unless the stream makes this of the record: a line an event, hashes as #. */
void shipped_says(const char *stream, const char *record, const char *expected);
void shipped_says_within(const char *stream, const char *enclosing, const char *record,
                         const char *expected);

/* Whom a record is about; subject: IDENTITY_KEY bytes. */
void shipped_learner(const char *stream, const char *record, char *subject);
const struct connector *shipped_connector(void);
struct hmac *shipped_hmac(void);

#define SHIPPED(name) SHIPPED_AS(name, name)
#define SHIPPED_AS(name, test)                                                                     \
    {                                                                                              \
#test, test, shipped_open, shipped_close, #name                                            \
    }

#endif
