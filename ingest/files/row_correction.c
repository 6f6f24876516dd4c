#include "row_correction.h"

#include <stdio.h>
#include <string.h>

void row_correction_name(struct hmac *hmac, const char *content, char out[ROW_CORRECTION_NAME])
{
    char hex[33];
    hmac_hex(hmac, "row content", content, strlen(content), hex);
    (void)snprintf(out, ROW_CORRECTION_NAME, "correction:%s", hex);
}

static void append(char out[ROW_CORRECTION_VALUE], const char *name, const char *value)
{
    size_t used = strlen(out);
    if (value[0] != '\0')
        (void)snprintf(out + used, ROW_CORRECTION_VALUE - used, "%s%s=%s", used > 0 ? ";" : "",
                       name, value);
}

void row_correction_encode(const struct row_correction *c, char out[ROW_CORRECTION_VALUE])
{
    char emails[ROSTER_MAX_EMAILS * IDENTITY_KEY] = "";
    out[0] = '\0';
    for (size_t i = 0; i < c->email_count; i++) {
        size_t used = strlen(emails);
        (void)snprintf(emails + used, sizeof(emails) - used, "%s%s", i > 0 ? "," : "", c->emails[i]);
    }
    append(out, "email", emails);
    append(out, "citizen", c->citizen);
    append(out, "phone", c->phone);
    append(out, "unit", c->unit);
    append(out, "twice", c->one_person ? "1" : "");
}

static void take_emails(struct row_correction *c, char *value)
{
    char *rest = value;
    for (char *email; (email = strtok_r(rest, ",", &rest)) != NULL;) {
        if (c->email_count < ROSTER_MAX_EMAILS)
            (void)snprintf(c->emails[c->email_count++], IDENTITY_KEY, "%s", email);
    }
}

void row_correction_decode(const char *value, struct row_correction *c)
{
    char copy[ROW_CORRECTION_VALUE], *rest = copy;
    memset(c, 0, sizeof(*c));
    if (value == NULL)
        return;
    (void)snprintf(copy, sizeof(copy), "%s", value);
    for (char *part; (part = strtok_r(rest, ";", &rest)) != NULL;) {
        char *equals = strchr(part, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        if (strcmp(part, "email") == 0)
            take_emails(c, equals + 1);
        else if (strcmp(part, "citizen") == 0)
            (void)snprintf(c->citizen, sizeof(c->citizen), "%s", equals + 1);
        else if (strcmp(part, "phone") == 0)
            (void)snprintf(c->phone, sizeof(c->phone), "%s", equals + 1);
        else if (strcmp(part, "unit") == 0)
            (void)snprintf(c->unit, sizeof(c->unit), "%s", equals + 1);
        else if (strcmp(part, "twice") == 0)
            c->one_person = true;
    }
}

void row_correction_merge(struct row_correction *c, const struct row_correction *later)
{
    if (later->email_count > 0) {
        c->email_count = later->email_count;
        memcpy(c->emails, later->emails, sizeof(c->emails));
    }
    if (later->citizen[0] != '\0')
        memcpy(c->citizen, later->citizen, sizeof(c->citizen));
    if (later->phone[0] != '\0')
        memcpy(c->phone, later->phone, sizeof(c->phone));
    if (later->unit[0] != '\0')
        memcpy(c->unit, later->unit, sizeof(c->unit));
    c->one_person = c->one_person || later->one_person;
}
