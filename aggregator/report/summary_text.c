/* The sentences, in the words of the offices' own reports. */
#include <inttypes.h>
#include <string.h>

#include "summary_lists.h"

#define LARGEST_DEPARTMENTS 2
#define LARGEST_LOCALITIES 4
#define LOWEST_UNITS 2
#define MOST_AHEAD 5    /* provinces before ours that are still worth naming */
#define GROUPS_NOTE "¹" /* the section has one footnote */

static const char *learners(struct report *r, const struct summary_figures *f, int64_t count)
{
    return f->officials ? SAY_COUNT(r, count, "CBCCVC", "official", "officials")
                        : SAY_COUNT(r, count, "học viên", "learner", "learners");
}

/* Of one unit the report is about itself: counts of units, and which of them are lowest, say nothing. */
static bool is_of_one(const struct summary_figures *f)
{
    return f->unit_count == 1;
}

static const char *name_of_one(struct report *r, const struct summary_figures *f)
{
    return summary_name(r, f, &f->units[0], true);
}

/* "Tính từ ngày 20/9 đến 29/9/2023, Sở Y tế đăng ký tham gia học tập với 729 học viên". */
static void add_one_sender(const struct summary_figures *f, struct report *r, struct text_buffer *text)
{
    if (f->begins != NULL && f->ends != NULL)
        text_buffer_add_format(text, SAY(r, "Tính từ ngày %s đến %s, %s", "From %s to %s %s"),
                               summary_day(r, f->begins, strncmp(f->begins + 6, f->ends + 6, 4) != 0),
                               summary_day(r, f->ends, true), name_of_one(r, f));
    else
        text_buffer_add_text(text, f->units[0].name); /* as a sentence begins */
    text_buffer_add_text(text, SAY(r, " đăng ký tham gia học tập", " registered"));
    if (f->waves > 1)
        text_buffer_add_format(text, SAY(r, " trong %s đợt", " in %s waves"),
                               summary_count(r, f->waves));
    text_buffer_add_format(
        text, SAY_COUNT(r, f->registered, " với %s học viên", " %s learner", " %s learners"),
        summary_count(r, f->registered));
}

static void add_senders(const struct summary_figures *f, struct report *r, struct text_buffer *text)
{
    if (f->begins != NULL && f->ends != NULL)
        text_buffer_add_format(text, SAY(r, "Tính từ ngày %s đến %s, có", "From %s to %s"),
                               summary_day(r, f->begins, strncmp(f->begins + 6, f->ends + 6, 4) != 0),
                               summary_day(r, f->ends, true));
    else
        text_buffer_add_text(text, SAY(r, "Có", "So far"));
    if (f->waves > 1)
        text_buffer_add_format(text, SAY(r, " %s đợt với", ", in %s waves,"),
                               summary_count(r, f->waves));
    text_buffer_add_format(text,
                           SAY_COUNT(r, f->registered,
                                     " tổng số %s đăng ký tham gia học tập với %s học viên",
                                     " %s registered %s learner", " %s registered %s learners"),
                           summary_senders(r, f), summary_count(r, f->registered));
}

static void write_registration(const struct summary_figures *f, struct report *r)
{
    struct text_buffer text = {0};
    if (is_of_one(f))
        add_one_sender(f, r, &text);
    else
        add_senders(f, r, &text);
    if (f->group_count > 0)
        text_buffer_add_format(&text,
                               SAY(r, f->group_count == 1 ? ", gồm %s Tổ" : ", chia thành %s Tổ",
                                   f->group_count == 1 ? " in %s study group" : " in %s study groups"),
                               summary_count(r, (int64_t)f->group_count));
    if (f->unit_count > LARGEST_DEPARTMENTS + LARGEST_LOCALITIES)
        text_buffer_add_format(
            &text,
            SAY(r, ", trong đó các sở, ngành địa phương có số lượng đăng ký nhiều như: %s",
                "; most came from: %s"),
            summary_largest(r, f, LARGEST_DEPARTMENTS, LARGEST_LOCALITIES));
    report_add_paragraph(r, "%s.", summary_keep(r, &text));
}

/* "19/22 sở, ngành, đoàn thể" of departments, "02 địa phương" of localities; NULL where there are none. */
static const char *units_of(const struct summary_figures *f, enum summary_class unit_class,
                            enum summary_share share, struct report *r)
{
    size_t count = summary_units(f, unit_class, share), of = count;
    struct text_buffer text = {0};
    if (count == 0)
        return NULL;
    text_buffer_add_text(&text, summary_count(r, (int64_t)count));
    if (unit_class == CLASS_DEPARTMENT) {
        of = summary_units(f, unit_class, SHARE_ANY);
        text_buffer_add_format(&text, "/%s", summary_count(r, (int64_t)of));
    }
    text_buffer_add_format(&text, " %s", summary_kinds(r, f, unit_class, share, of));
    return summary_keep(r, &text);
}

static const char *both_of(const struct summary_figures *f, enum summary_share share,
                           struct report *r)
{
    const char *departments = units_of(f, CLASS_DEPARTMENT, share, r);
    const char *localities = units_of(f, CLASS_LOCALITY, share, r);
    struct text_buffer text = {0};
    if (departments == NULL && localities == NULL)
        return NULL;
    text_buffer_add_format(&text, "%s%s%s", departments != NULL ? departments : "",
                           departments != NULL && localities != NULL ? SAY(r, " và ", " and ") : "",
                           localities != NULL ? localities : "");
    const char *names = share == SHARE_WHOLE ? summary_whole_localities(r, f) : "";
    if (names[0] != '\0')
        text_buffer_add_format(&text, " (%s)", names);
    return summary_keep(r, &text);
}

static void write_units(const struct summary_figures *f, struct report *r)
{
    const char *whole = both_of(f, SHARE_WHOLE, r), *part = both_of(f, SHARE_PART, r);
    enum summary_class lowest_of =
        summary_units(f, CLASS_LOCALITY, SHARE_PART) > 0 ? CLASS_LOCALITY : CLASS_DEPARTMENT;
    size_t listed;
    const char *lowest = summary_lowest(r, f, lowest_of, LOWEST_UNITS, &listed);
    if (whole != NULL)
        report_add_paragraph(
            r, SAY(r, "- Có %s tham gia học đạt tỷ lệ 100%%.", "- In %s everybody took part."),
            whole);
    if (part == NULL)
        return;
    struct text_buffer text = {0};
    text_buffer_add_format(
        &text,
        SAY(r, "- Có %s chưa đạt tỷ lệ 100%% (một số đồng chí đăng ký nhưng không tham gia học), ",
            "- In %s not everybody took part (some registered and did not study)"),
        part);
    if (listed < summary_units(f, CLASS_DEPARTMENT, SHARE_PART) +
                     summary_units(f, CLASS_LOCALITY, SHARE_PART))
        text_buffer_add_format(&text,
                               SAY_COUNT(r, listed, "trong đó %s %s có tỷ lệ tham gia học thấp nhất ",
                                         "; the %s %s with the lowest participation is",
                                         "; the %s %s with the lowest participation are"),
                               summary_count(r, (int64_t)listed),
                               summary_kinds(r, f, lowest_of, SHARE_PART, listed));
    text_buffer_add_format(&text, SAY(r, "gồm: %s", ": %s"), lowest);
    report_add_paragraph(r, "%s.", summary_keep(r, &text));
}

struct group_counts {
    int64_t part, low, none;
};

static struct group_counts count_groups(const struct summary_figures *f)
{
    struct group_counts counts = {0};
    for (size_t i = 0; i < f->group_count; i++) {
        const struct summary_group *g = &f->groups[i];
        counts.part += g->participated < g->registered;
        counts.low += g->participated * 100 < g->registered * f->below;
        counts.none += g->participated == 0;
    }
    return counts;
}

static void write_groups(const struct summary_figures *f, struct report *r)
{
    struct group_counts n = count_groups(f);
    struct text_buffer text = {0};
    if (n.part == 0)
        return;
    text_buffer_add_format(&text,
                           SAY_COUNT(r, f->group_count, "- Có %s/%s Tổ tham gia học chưa đạt 100%%",
                                     "- In %s of %s group not everybody took part",
                                     "- In %s of %s groups not everybody took part"),
                           summary_count(r, n.part), summary_count(r, (int64_t)f->group_count));
    if (n.low > 0 && f->below < 100) /* else it is said already */
        text_buffer_add_format(&text,
                               SAY_COUNT(r, n.low, ", trong đó %s Tổ đạt dưới %" PRId64 "%%",
                                         "; %s of them is below %" PRId64 "%%",
                                         "; %s of them are below %" PRId64 "%%"),
                               summary_count(r, n.low), f->below);
    if (n.low > 0) {
        text_buffer_add_text(&text, GROUPS_NOTE);
        report_add_note(r, GROUPS_NOTE " %s.", summary_low_groups(r, f));
    }
    if (n.none > 0)
        text_buffer_add_format(
            &text,
            SAY_COUNT(
                r, n.none,
                ", cá biệt có %s Tổ đăng ký danh sách nhưng không có đồng chí nào tham gia học "
                "(đạt 0%%), bao gồm: %s",
                ", %s has a list of which nobody took part (0%%): %s",
                ", %s have a list of which nobody took part (0%%): %s"),
            summary_count(r, n.none), summary_empty_groups(r, f));
    report_add_paragraph(r, "%s.", summary_keep(r, &text));
}

static void write_participation(const struct summary_figures *f, struct report *r)
{
    bool in_detail = !is_of_one(f) || count_groups(f).part > 0;
    report_add_paragraph(
        r,
        SAY_COUNT(r, f->registered,
                  "2. Kết quả tham gia học: Có %s/%s học viên tham gia học đạt tỷ lệ %s.%s",
                  "2. Participation: %s of %s learner took part, %s.%s",
                  "2. Participation: %s of %s learners took part, %s.%s"),
        summary_count(r, f->participated), summary_count(r, f->registered),
        summary_rate(r, f->participated, f->registered, false),
        in_detail ? SAY(r, " Cụ thể:", " In detail:") : "");
    if (!is_of_one(f))
        write_units(f, r);
    write_groups(f, r);
}

static void write_exam(const struct summary_figures *f, struct report *r)
{
    report_add_paragraph(r, "%s", SAY(r, "3. Kết quả thi cuối khóa", "3. Final exam"));
    if (f->sat == 0 && f->passed == 0) {
        report_add_paragraph(r, "%s",
                             SAY(r, "- Chưa có kết quả thi (không có dữ liệu, không phải 0).",
                                 "- No result of the exam yet (no data, not zero)."));
        return;
    }
    report_add_paragraph(
        r,
        SAY_COUNT(
            r, f->registered,
            "- Tính theo danh sách %s đăng ký học ban đầu: Có %s/%s học viên có kết quả Đạt bài "
            "thi, đạt tỷ lệ %s.",
            "- Of those on the %s: %s of %s learner passed, %s.",
            "- Of those on the %s: %s of %s learners passed, %s."),
        is_of_one(f) ? SAY(r, "đơn vị", "list that the unit sent")
                     : SAY(r, "các đơn vị, địa phương", "lists that the units sent"),
        summary_count(r, f->passed), summary_count(r, f->registered),
        summary_rate(r, f->passed, f->registered, false));
    if (f->participated == 0) /* of nobody there is no rate */
        return;
    report_add_paragraph(
        r,
        SAY_COUNT(
            r, f->participated,
            "- Tính theo tổng số học viên tham gia học: %s/%s học viên có kết quả Đạt bài thi, đạt "
            "tỷ lệ %s.",
            "- Of those who took part: %s of %s learner passed, %s.",
            "- Of those who took part: %s of %s learners passed, %s."),
        summary_count(r, f->passed), summary_count(r, f->participated),
        summary_rate(r, f->passed, f->participated, false));
}

static void write_rank(const struct summary_figures *f, struct report *r)
{
    struct text_buffer text = {0};
    const char *place =
        f->is_city ? SAY(r, "thành phố", "the city of") : SAY(r, "tỉnh", "the province of");
    const char *ranked = summary_count(r, f->provinces);
    if (f->rank == 0 || f->provinces < 2 || f->province == NULL)
        return;
    text_buffer_add_format(
        &text,
        SAY(r,
            "- Số lượng tham gia và đăng ký tài khoản học của %s %s %s so với các địa phương đã và "
            "đang triển khai (tính đến cùng thời điểm với %s %s có %s tỉnh, thành) đứng thứ "
            "%" PRId64 "/%" PRId64,
            "- By the number of %s registered, %s %s, among the provinces that take part (%s %s is "
            "one of %s), stands at place %" PRId64 " of %" PRId64),
        learners(r, f, f->registered), place, f->province, place, f->province, ranked, f->rank,
        f->provinces);
    for (size_t i = 0; i < f->ahead_count && f->ahead_count <= MOST_AHEAD; i++)
        text_buffer_add_format(&text, "%s%s (%s)", i > 0 ? ", " : SAY(r, " sau ", " after "),
                               f->ahead[i].name, summary_count(r, f->ahead[i].registered));
    report_add_paragraph(r, "%s.", summary_keep(r, &text));
}

/* Certificates are the platform's: who has one may not have passed by a rule that came later. */
static void write_certified_beyond(const struct summary_figures *f, struct report *r)
{
    bool rules = f->pass_rules != NULL;
    report_add_paragraph(
        r,
        SAY_COUNT(
            r, f->certified,
            "- Có %s %s được đơn vị đào tạo cấp chứng nhận, nhiều hơn số đạt (%s): chứng nhận "
            "cấp theo mức đạt khi đó, số đạt tính theo quy định đạt hiện hành%s%s%s.",
            "- %s %s was given the provider's certificate, more than passed (%s): the "
            "certificate was given by the mark of then, passed goes by the rule in force "
            "now%s%s%s.",
            "- %s %s were given the provider's certificate, more than passed (%s): the "
            "certificates were given by the mark of then, passed goes by the rule in force "
            "now%s%s%s."),
        summary_count(r, f->certified), learners(r, f, f->certified), summary_count(r, f->passed),
        rules ? " (" : "", rules ? f->pass_rules : "", rules ? ")" : "");
}

static void write_achieved(const struct summary_figures *f, struct report *r)
{
    if (f->certified > f->passed)
        write_certified_beyond(f, r);
    else if (f->certified > 0)
        report_add_paragraph(
            r,
            SAY_COUNT(
                r, f->certified,
                "- Có %s %s đã hoàn thành khóa học và nhận được chứng nhận do đơn vị đào tạo cấp.",
                "- %s %s completed the course and was given the provider's certificate.",
                "- %s %s completed the course and were given the provider's certificate."),
            summary_count(r, f->certified), learners(r, f, f->certified));
    write_rank(f, r);
    if (f->participated > 0 && (f->sat > 0 || f->passed > 0))
        report_add_paragraph(
            r,
            SAY(r,
                "- Kết quả tham gia học tập đạt mức %s; kết quả thi cuối khóa đạt mức %s (tính "
                "theo "
                "tổng số lượng đăng ký ban đầu) và đạt mức %s (tính theo số lượng đã tham gia khóa "
                "học).",
                "- Participation is %s; %s passed the final exam of those first registered, and %s "
                "of those who took part."),
            summary_rate(r, f->participated, f->registered, false),
            summary_rate(r, f->passed, f->registered, false),
            summary_rate(r, f->passed, f->participated, false));
}

static void add_missing_senders(const struct summary_figures *f, struct report *r,
                                struct text_buffer *text)
{
    bool departments = summary_units(f, CLASS_DEPARTMENT, SHARE_ANY) > 0;
    bool localities = summary_units(f, CLASS_LOCALITY, SHARE_ANY) > 0;
    int64_t missing = f->registered - f->accounts;
    text_buffer_add_format(
        text,
        SAY_COUNT(r, missing,
                  "- Còn %s (%s) %s các %s%s%s đã gửi danh sách nhưng không đăng ký "
                  "tài khoản để tham gia "
                  "học tập",
                  "- %s (%s) %s of %s%s%s was listed and opened no account",
                  "- %s (%s) %s of %s%s%s were listed and opened no account"),
        summary_count(r, missing), summary_rate(r, missing, f->registered, false),
        learners(r, f, missing), departments ? SAY(r, "sở, ngành", "departments") : "",
        departments && localities ? SAY(r, " và ", " and ") : "",
        localities ? SAY(r, "địa phương", "localities") : "");
}

static void write_missing(const struct summary_figures *f, struct report *r)
{
    struct group_counts n = count_groups(f);
    struct text_buffer text = {0};
    int64_t missing = f->registered - f->accounts;
    if (missing <= 0)
        return;
    report_add_paragraph(r, "%s", SAY(r, "2. Tồn tại, hạn chế", "2. What is lacking"));
    if (is_of_one(f))
        text_buffer_add_format(
            &text,
            SAY_COUNT(
                r, missing,
                "- Còn %s (%s) %s của %s có tên trong danh sách nhưng không đăng ký tài khoản "
                "để tham gia học tập",
                "- %s (%s) %s of %s was listed and opened no account",
                "- %s (%s) %s of %s were listed and opened no account"),
            summary_count(r, missing), summary_rate(r, missing, f->registered, false),
            learners(r, f, missing), name_of_one(r, f));
    else
        add_missing_senders(f, r, &text);
    if (n.low > 0)
        text_buffer_add_format(&text,
                               SAY_COUNT(r, n.low, ", trong đó %s Tổ đạt dưới %" PRId64 "%%",
                                         "; %s group is below %" PRId64 "%%",
                                         "; %s groups are below %" PRId64 "%%"),
                               summary_count(r, n.low), f->below);
    if (n.none > 0)
        text_buffer_add_format(
            &text,
            SAY_COUNT(
                r, n.none,
                ", %s Tổ đăng ký danh sách nhưng không có đồng chí nào tham gia học (đạt 0%%)",
                ", in %s group nobody of the list took part (0%%)",
                ", in %s groups nobody of the list took part (0%%)"),
            summary_count(r, n.none));
    report_add_paragraph(r, "%s.", summary_keep(r, &text));
}

void summary_write(const struct summary_figures *f, struct report *r)
{
    report_add_paragraph(r, "%s",
                         SAY(r, "II. KẾT QUẢ ĐĂNG KÝ, HỌC TẬP", "II. REGISTRATION AND RESULTS"));
    report_add_paragraph(r, "%s", SAY(r, "1. Công tác đăng ký", "1. Registration"));
    if (f->unit_count == 0) {
        report_add_paragraph(
            r,
            SAY(r, "Chưa có danh sách nào của %s này (không có dữ liệu, không phải 0).",
                "No list of this %s has come yet (no data, not zero)."),
            f->waves > 1 ? SAY(r, "khóa học", "training") : SAY(r, "đợt", "wave"));
        return;
    }
    write_registration(f, r);
    if (!f->has_data) {
        report_add_paragraph(r, "%s",
                             SAY(r,
                                 "Chưa có số liệu học tập nào từ nền tảng (không có dữ liệu, không "
                                 "phải 0).",
                                 "Nothing is known from a platform yet (no data, not zero)."));
        return;
    }
    write_participation(f, r);
    write_exam(f, r);
    report_add_paragraph(r, "%s", SAY(r, "III. NHẬN XÉT ĐÁNH GIÁ CHUNG", "III. ASSESSMENT"));
    report_add_paragraph(r, "%s", SAY(r, "1. Kết quả đạt được", "1. What was achieved"));
    write_achieved(f, r);
    write_missing(f, r);
}
