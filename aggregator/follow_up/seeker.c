#include "seeker.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/key_ring.h"

struct seeker {
    struct hmac *hmac;
    struct key_ring *ring;
};

struct seeker *seeker_open(const struct options *options, struct error *err)
{
    char fingerprint[33] = "";
    size_t length;
    const char *file = options_text(options, "hmac_key_file");
    if (!file) {
        error_tell(err, ERROR_CONFIG, false,
                   "chưa nêu tùy chọn hmac_key_file: tệp khóa mà mooc-ingest dùng, thiếu "
                   "nó thì không tìm được ai trong danh sách",
                   "option hmac_key_file is not set: the key file that mooc-ingest uses, without "
                   "which nobody of the list can be found");
        return NULL;
    }
    char *secret = secret_read_file(file, &length, err);
    if (!secret)
        return NULL;
    struct seeker *seeker = must_have(calloc(1, sizeof(*seeker)));
    seeker->hmac = hmac_new(secret, length, err);
    secret_free(secret, length);
    if (seeker->hmac)
        seeker->ring =
            key_ring_open(file, options_number(options, "hmac_key_version"), fingerprint, err);
    if (seeker->ring)
        return seeker;
    seeker_free(seeker);
    return NULL;
}

void seeker_free(struct seeker *seeker)
{
    if (!seeker)
        return;
    key_ring_free(seeker->ring);
    hmac_free(seeker->hmac);
    free(seeker);
}

static bool add_form(void *context, const char *form)
{
    key_list_add(context, key128_of(form, strlen(form)));
    return false;
}

static void add(struct seeker *seeker, const char *key, struct key_list *out)
{
    if (key[0])
        (void)key_ring_any_form(seeker->ring, key, add_form, out);
}

void seeker_subjects(struct seeker *seeker, const struct roster_person *person, struct key_list *out)
{
    struct roster_keys keys;
    char subject[IDENTITY_KEY];
    roster_keys_of(seeker->hmac, person, &keys);
    bool identified = keys.citizen[0] || keys.email_count || keys.phone[0];
    if (!person->name[0] || (!identified && !person->unit))
        return; /* no event can have been made of it */
    roster_keys_subject(seeker->hmac, &keys, person->unit ? person->unit : "", person, subject);
    add(seeker, subject, out);
}

void seeker_identifiers(struct seeker *seeker, const struct roster_person *person,
                        struct key_list *out)
{
    struct roster_keys keys;
    roster_keys_of(seeker->hmac, person, &keys);
    add(seeker, keys.citizen, out);
    for (size_t i = 0; i < keys.email_count; i++)
        add(seeker, keys.emails[i], out);
    add(seeker, keys.phone, out);
}

void seeker_citizens(struct seeker *seeker, const struct roster_person *person, struct key_list *out)
{
    struct roster_keys keys;
    roster_keys_of(seeker->hmac, person, &keys);
    add(seeker, keys.citizen, out);
}

size_t seeker_contacts(struct seeker *seeker, const struct roster_person *person,
                       struct key_list out[SEEKER_CONTACTS])
{
    struct roster_keys keys;
    size_t count = 0;
    roster_keys_of(seeker->hmac, person, &keys);
    for (size_t i = 0; i < keys.email_count; i++)
        add(seeker, keys.emails[i], &out[count++]);
    if (keys.phone[0])
        add(seeker, keys.phone, &out[count++]);
    return count;
}

struct names {
    int64_t *out;
    size_t count;
};

static bool add_name(void *context, const char *form)
{
    struct names *names = context;
    int64_t name = (int64_t)key128_of(form, strlen(form)).hi;
    names->out[names->count++] = name ? name : 1;
    return names->count == SEEKER_NAMES;
}

size_t seeker_names(struct seeker *seeker, const struct roster_person *person,
                    int64_t out[SEEKER_NAMES])
{
    char key[IDENTITY_KEY];
    struct names names = {out, 0};
    if (identity_name_key(seeker->hmac, person->name, key))
        (void)key_ring_any_form(seeker->ring, key, add_name, &names);
    return names.count;
}
