/* A reference folder as one JSON text, as aggregator/sql/config_stage.sql takes it. Pure. */
#ifndef MOOC_AGGREGATOR_FOLDER_JSON_H
#define MOOC_AGGREGATOR_FOLDER_JSON_H

#include "../../common/reference.h"
#include "../../common/text_buffer.h"

/* {"units":[…],"trainings":[…],"waves":[…],"courses":[…],"targets":[…],"calendar":[…]}; what is empty in the folder is null. */
void folder_json(const struct reference *reference, struct text_buffer *out);

#endif
