#include "row_correction.h"

#include <stdio.h>
#include <stdlib.h>
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

static void append_number(char out[ROW_CORRECTION_VALUE], const char *name, uint32_t number)
{
    char text[16] = "";
    if (number > 0)
        (void)snprintf(text, sizeof(text), "%lu", (unsigned long)number);
    append(out, name, text);
}

static void append_formers(char out[ROW_CORRECTION_VALUE], const struct row_correction *c)
{
    char all[ROW_FORMERS * 33 + 1] = "";
    for (size_t i = 0; i < c->former_count; i++) {
        uint8_t bytes[16];
        key128_store(c->formers[i], bytes);
        hex_encode(bytes, sizeof(bytes), all + i * 33);
        all[i * 33 + 32] = i + 1 < c->former_count ? ',' : '\0';
    }
    append(out, "was", all);
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
    append_number(out, "listed", c->listed);
    append_number(out, "given", c->given);
    append_formers(out, c);
}

static void take_emails(struct row_correction *c, char *value)
{
    char *rest = value;
    for (char *email; (email = strtok_r(rest, ",", &rest)) != NULL;) {
        if (c->email_count < ROSTER_MAX_EMAILS)
            (void)snprintf(c->emails[c->email_count++], IDENTITY_KEY, "%s", email);
    }
}

static void take_formers(struct row_correction *c, char *value)
{
    char *rest = value;
    for (char *hex; (hex = strtok_r(rest, ",", &rest)) != NULL;) {
        uint8_t bytes[16];
        if (strlen(hex) == 32 && hex_decode(hex, sizeof(bytes), bytes))
            row_correction_add_former(c, key128_load(bytes));
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
        else if (strcmp(part, "listed") == 0)
            c->listed = (uint32_t)strtoul(equals + 1, NULL, 10);
        else if (strcmp(part, "given") == 0)
            c->given = (uint32_t)strtoul(equals + 1, NULL, 10);
        else if (strcmp(part, "was") == 0)
            take_formers(c, equals + 1);
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
    if (later->listed > 0) {
        c->listed = later->listed;
        c->given = later->given;
    }
    for (size_t i = 0; i < later->former_count; i++)
        row_correction_add_former(c, later->formers[i]);
}

void row_correction_add_former(struct row_correction *c, struct key128 entity)
{
    for (size_t i = 0; i < c->former_count; i++)
        if (key128_equal(c->formers[i], entity))
            return;
    if (c->former_count == ROW_FORMERS)
        memmove(c->formers, c->formers + 1, --c->former_count * sizeof(c->formers[0]));
    c->formers[c->former_count++] = entity;
}
