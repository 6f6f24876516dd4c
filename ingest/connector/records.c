#include "records.h"

void records_of_element(const struct json *element, const char *each, record_visit visit,
                        void *context)
{
    if (!each)
        visit(context, element, NULL);
    const struct json *inner = each ? json_first(json_pointer(element, each)) : NULL;
    for (; inner; inner = json_next(inner))
        visit(context, inner, element);
}

bool records_of_page(struct page_list *list, const char *each, record_visit visit, void *context,
                     struct error *err)
{
    size_t count = list ? page_list_count(list) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct json *element = page_list_record(list, i, err);
        if (!element)
            return false;
        records_of_element(element, each, visit, context);
    }
    return true;
}
