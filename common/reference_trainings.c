/* trainings.yaml of the reference folder. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "nearest.h"
#include "reference_private.h"
#include "yaml.h"

#define FILE_NAME "trainings.yaml"

/* The file being read. */
struct trainings {
    const struct yaml *doc;
    struct reference_arena *arena;
    struct reference_faults *faults;
};

/* What common/yaml says begins with the path; faults name the file as the folder's reader knows it. */
static const char *from_name(const char *message)
{
    const char *name = strstr(message, FILE_NAME ":");
    return name != NULL ? name : message;
}

static void yaml_fault(struct reference_faults *faults, const struct error *err)
{
    reference_fault(faults, NULL, 0, "%s%.0s", "%.0s%s", from_name(error_words(err, true)),
                    from_name(err->message));
}

/* The mapping below key, checked for its keys; NULL where absent or no mapping. */
static const struct yaml_node *mapping(const struct trainings *t, const struct yaml_node *node,
                                       const char *key, const char *const *keys)
{
    const struct yaml_node *child = yaml_get(node, key);
    struct error err = {0};
    if (child == NULL)
        return NULL;
    if (yaml_kind(child) != YAML_MAPPING) {
        reference_fault(t->faults, FILE_NAME, yaml_line(child),
                        "%s phải có các khóa bên trong: hãy viết %s: {%s: …}",
                        "%s must have keys of its own: write %s: {%s: …}", key, key, keys[0]);
        return NULL;
    }
    if (!yaml_only_keys(t->doc, child, keys, &err))
        yaml_fault(t->faults, &err);
    return child;
}

static int line_of(const struct yaml_node *node, const char *key)
{
    const struct yaml_node *child = yaml_get(node, key);
    return child != NULL ? yaml_line(child) : yaml_line(node);
}

/* -1 where the key is absent. */
static double read_share(const struct trainings *t, const struct yaml_node *node, const char *key)
{
    if (yaml_get(node, key) == NULL)
        return -1;
    const char *text = yaml_text(node, key, "");
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    if (errno == 0 && end != text && *end == '\0' && value >= 0 && value <= 1)
        return value;
    reference_fault(t->faults, FILE_NAME, line_of(node, key),
                    "%s \"%.40s\" không phải là tỷ lệ từ 0 đến 1",
                    "%s \"%.40s\" is no share from 0 to 1", key, text);
    return -1;
}

/* 0 where the key is absent. */
static int read_number(const struct trainings *t, const struct yaml_node *node, const char *key,
                       int max)
{
    if (yaml_get(node, key) == NULL)
        return 0;
    const char *text = yaml_text(node, key, "");
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && value >= 1 && value <= max)
        return (int)value;
    reference_fault(t->faults, FILE_NAME, line_of(node, key),
                    "%s \"%.40s\" không phải là số nguyên từ 1 đến %d",
                    "%s \"%.40s\" is no whole number from 1 to %d", key, text, max);
    return 0;
}

/* One of the choices (the first where the key is absent and may be). */
static const char *read_choice(const struct trainings *t, const struct yaml_node *node,
                               const char *key, const char *const *choices, size_t count)
{
    if (yaml_get(node, key) == NULL)
        return choices[0];
    const char *text = yaml_text(node, key, "");
    char known[160] = "";
    for (size_t i = 0; i < count; i++) {
        if (choices[i][0] != '\0' && strcmp(text, choices[i]) == 0)
            return choices[i];
        size_t used = strlen(known);
        if (choices[i][0] != '\0')
            (void)snprintf(known + used, sizeof(known) - used, "%s%s", used > 0 ? ", " : "",
                           choices[i]);
    }
    const char *nearest = nearest_name(text, choices, count);
    if (nearest != NULL && nearest[0] != '\0')
        reference_fault(t->faults, FILE_NAME, line_of(node, key),
                        "%s không có \"%.40s\"; có phải là \"%s\"?",
                        "%s \"%.40s\" is not known; did you mean \"%s\"?", key, text, nearest);
    else
        reference_fault(t->faults, FILE_NAME, line_of(node, key), "%s không có \"%.40s\"; có: %s",
                        "%s \"%.40s\" is not known; known: %s", key, text, known);
    return choices[0];
}

static const char *read_date(const struct trainings *t, const struct yaml_node *node, const char *key)
{
    const char *text = yaml_text(node, key, "");
    int32_t day;
    if (yaml_get(node, key) != NULL && !clock_parse_date(text, &day))
        reference_fault(t->faults, FILE_NAME, line_of(node, key),
                        "%s \"%.40s\" không phải là ngày (YYYY-MM-DD)",
                        "%s \"%.40s\" is no date (YYYY-MM-DD)", key, text);
    return reference_text(t->arena, text);
}

static void read_rule_waves(const struct trainings *t, const struct yaml_node *node,
                            struct reference_pass_rule *rule)
{
    const struct yaml_node *waves = yaml_get(node, "waves");
    if (waves == NULL)
        return;
    size_t count = yaml_count(waves);
    const char **codes = reference_allocate(t->arena, (count + 1) * sizeof(*codes));
    if (yaml_kind(waves) != YAML_SEQUENCE || count == 0) {
        reference_fault(t->faults, FILE_NAME, yaml_line(waves),
                        "waves phải là danh sách mã: hãy viết waves: [A, B]",
                        "waves must be a list of codes: write waves: [A, B]");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *code = yaml_scalar(yaml_item(waves, i));
        codes[i] = reference_text(t->arena, code != NULL ? code : "");
        for (size_t k = 0; k < i; k++) {
            if (strcmp(codes[k], codes[i]) == 0)
                reference_fault(t->faults, FILE_NAME, yaml_line(yaml_item(waves, i)),
                                "đợt %.60s có hai lần trong waves",
                                "wave %.60s stands twice in waves", codes[i]);
        }
    }
    rule->waves = codes;
    rule->wave_count = count;
}

static void read_rule(const struct trainings *t, const struct yaml_node *node,
                      struct reference_pass_rule *rule)
{
    static const char *const attempts[] = {"best", "last", "first"};
    static const char *const certificates[] = {"", "required"};
    rule->line = yaml_line(node);
    const char *by = yaml_text(node, "by", NULL);
    bool by_score = yaml_get(node, "min_score") != NULL;
    rule->by_platform = by != NULL && strcmp(by, "platform") == 0;
    rule->min_score = read_share(t, node, "min_score");
    rule->min_progress = read_share(t, node, "min_progress");
    rule->certificate =
        read_choice(t, node, "certificate", certificates, ARRAY_LEN(certificates))[0] != '\0';
    rule->attempt = read_choice(t, node, "attempt", attempts, ARRAY_LEN(attempts));
    rule->from = read_date(t, node, "from");
    rule->to = read_date(t, node, "to");
    read_rule_waves(t, node, rule);
    if (by_score == rule->by_platform || (by != NULL && !rule->by_platform))
        reference_fault(t->faults, FILE_NAME, rule->line,
                        "pass_rule phải là `by: platform` hoặc `min_score: 0.5`",
                        "pass_rule must be either `by: platform` or `min_score: 0.5`");
    if (rule->from[0] != '\0' && rule->to[0] != '\0' && strcmp(rule->from, rule->to) > 0)
        reference_fault(t->faults, FILE_NAME, rule->line, "quy tắc kết thúc trước khi bắt đầu",
                        "the rule ends before it begins");
}

static bool takes_all(const struct reference_pass_rule *rule)
{
    return rule->wave_count == 0 && rule->from[0] == '\0' && rule->to[0] == '\0';
}

static void read_rules(const struct trainings *t, const struct yaml_node *node,
                       struct reference_training *training)
{
    static const char *const keys[] = {
        "by", "min_score", "min_progress", "certificate", "attempt", "waves", "from", "to", NULL};
    const struct yaml_node *one = mapping(t, node, "pass_rule", keys);
    const struct yaml_node *many = yaml_get(node, "pass_rules");
    if ((yaml_get(node, "pass_rule") != NULL) == (many != NULL)) {
        reference_fault(t->faults, FILE_NAME, yaml_line(node),
                        "khóa %s phải có pass_rule: {…} hoặc pass_rules: [{…}, …]",
                        "training %s must have either pass_rule: {…} or pass_rules: [{…}, …]",
                        training->code);
        return;
    }
    if (many != NULL && (yaml_kind(many) != YAML_SEQUENCE || yaml_count(many) == 0)) {
        reference_fault(t->faults, FILE_NAME, yaml_line(many),
                        "pass_rules phải là danh sách quy tắc, quy tắc đầu tiên phù hợp được "
                        "dùng",
                        "pass_rules must be a list of rules, the first that fits judges");
        return;
    }
    size_t count = many != NULL ? yaml_count(many) : 1;
    struct reference_pass_rule *rules =
        reference_allocate(t->arena, count * sizeof(struct reference_pass_rule));
    training->rules = rules;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = many != NULL ? yaml_item(many, i) : one;
        struct error err = {0};
        if (item == NULL)
            return; /* a fault already */
        if (yaml_kind(item) != YAML_MAPPING) {
            reference_fault(t->faults, FILE_NAME, yaml_line(item),
                            "quy tắc đạt phải có nội dung: hãy viết {min_score: 0.5}",
                            "a pass rule must have keys: write {min_score: 0.5}");
            return;
        }
        if (many != NULL && !yaml_only_keys(t->doc, item, keys, &err))
            yaml_fault(t->faults, &err);
        read_rule(t, item, &rules[i]);
        training->rule_count++;
        if (i > 0 && takes_all(&rules[i - 1]))
            reference_fault(t->faults, FILE_NAME, rules[i].line,
                            "quy tắc đạt này không bao giờ được dùng: quy tắc trước nó nhận mọi "
                            "lần thi; quy tắc đầu tiên phù hợp được dùng, nên quy tắc chung phải "
                            "đặt cuối",
                            "this pass rule can never judge: the one before it takes every "
                            "attempt; the first that fits judges, so the general one stands last");
    }
}

static void read_completion(const struct trainings *t, const struct yaml_node *node,
                            struct reference_training *training)
{
    static const char *const completion_keys[] = {"min_progress", "by", "min_attendance", NULL};
    static const char *const deadline_keys[] = {"working_days", NULL};
    static const char *const lecture_keys[] = {"count", "minutes", NULL};
    static const char *const ways[] = {"", "passed", "certificate"};
    const struct yaml_node *completion = mapping(t, node, "completion", completion_keys);
    const struct yaml_node *deadline = mapping(t, node, "deadline", deadline_keys);
    const struct yaml_node *lectures = mapping(t, node, "lectures", lecture_keys);
    training->completion_min_progress = read_share(t, completion, "min_progress");
    training->completion_by = read_choice(t, completion, "by", ways, ARRAY_LEN(ways));
    training->completion_min_attendance = read_number(t, completion, "min_attendance", 366);
    training->deadline_working_days = read_number(t, deadline, "working_days", 1000);
    training->lectures = read_number(t, lectures, "count", 10000);
    training->lecture_minutes = read_number(t, lectures, "minutes", 1440);
    if (deadline != NULL && yaml_get(deadline, "working_days") == NULL)
        reference_fault(t->faults, FILE_NAME, yaml_line(deadline),
                        "deadline thiếu working_days: hãy viết deadline: {working_days: 10}",
                        "deadline has no working_days: write deadline: {working_days: 10}");
    if (lectures != NULL && yaml_get(lectures, "count") == NULL)
        reference_fault(t->faults, FILE_NAME, yaml_line(lectures),
                        "lectures thiếu count: hãy viết lectures: {count: 10, minutes: 30}",
                        "lectures has no count: write lectures: {count: 10, minutes: 30}");
    if (deadline != NULL && yaml_count(completion) == 0)
        reference_fault(t->faults, FILE_NAME, yaml_line(deadline),
                        "khóa %s có thời hạn mà không có completion: hãy ghi đến hạn phải đạt "
                        "gì",
                        "training %s has a deadline and no completion: state what must be reached "
                        "by then",
                        training->code);
}

static void read_training(const struct trainings *t, const struct yaml_node *node,
                          struct reference_training *training)
{
    static const char *const keys[] = {"code",       "name",     "pass_rule", "pass_rules",
                                       "completion", "deadline", "lectures",  NULL};
    static const char *const name_keys[] = {"vi", "en", NULL};
    struct error err = {0};
    int line = yaml_line(node);
    if (!yaml_only_keys(t->doc, node, keys, &err))
        yaml_fault(t->faults, &err);
    const struct yaml_node *name = mapping(t, node, "name", name_keys);
    training->code = reference_text(t->arena, yaml_text(node, "code", ""));
    training->name_vi = reference_text(t->arena, yaml_text(name, "vi", ""));
    training->name_en = reference_text(t->arena, yaml_text(name, "en", training->name_vi));
    size_t length = strspn(training->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (length == 0 || length > 32 || training->code[length] != '\0')
        reference_fault(t->faults, FILE_NAME, line,
                        "code \"%.60s\" không phải là mã (A-Z, 0-9 và dấu gạch nối, nhiều nhất "
                        "32)",
                        "code \"%.60s\" is no code (A-Z, 0-9 and hyphens, at most 32)",
                        training->code);
    if (training->name_vi[0] == '\0')
        reference_fault(t->faults, FILE_NAME, line,
                        "khóa %s không có tên: hãy viết name: {vi: …, en: …}",
                        "training %s has no name: write name: {vi: …, en: …}", training->code);
    read_rules(t, node, training);
    read_completion(t, node, training);
}

void reference_read_trainings(struct reference *r, const char *folder, struct reference_faults *faults)
{
    char path[4096];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/" FILE_NAME, folder);
    struct yaml *doc = yaml_load_file(path, &err);
    const struct yaml_node *root = doc != NULL ? yaml_root(doc) : NULL;
    if (doc == NULL) {
        yaml_fault(faults, &err);
    } else if (root == NULL || yaml_kind(root) != YAML_SEQUENCE) {
        reference_fault(faults, FILE_NAME, 1, "cần một danh sách khóa; [] nếu chưa có khóa nào",
                        "a list of trainings is expected; [] where there is none yet");
    } else {
        struct trainings t = {doc, r->arena, faults};
        size_t count = yaml_count(root);
        struct reference_training *all =
            reference_allocate(r->arena, (count + 1) * sizeof(struct reference_training));
        int *lines = reference_allocate(r->arena, (count + 1) * sizeof(*lines));
        for (size_t i = 0; i < count; i++) {
            lines[i] = yaml_line(yaml_item(root, i));
            read_training(&t, yaml_item(root, i), &all[i]);
        }
        t.arena->trainings_listed = true;
        t.arena->lines.trainings = lines;
        r->trainings = all;
        r->training_count = count;
    }
    yaml_unload(doc);
}
