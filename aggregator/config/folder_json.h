/* A reference folder as one JSON text, as aggregator/sql/config_stage.sql takes it. Pure. */
#ifndef MOOC_AGGREGATOR_FOLDER_JSON_H
#define MOOC_AGGREGATOR_FOLDER_JSON_H

#include "../../common/reference.h"
#include "../../common/text_buffer.h"

/* {"units":[…],"unit_lines":[…],"trainings":[…],"waves":[…],"courses":[…],"targets":[…],"staff":[…],"audiences":[…],
 * "calendar":[…]}; what is empty in the folder is null. */
void folder_json(const struct reference *reference, struct text_buffer *out);

#endif
