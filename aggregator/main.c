/* mooc-aggregator: folds the events of mooc-ingest into PostgreSQL and answers questions about the figures. */
#include "options.h"

int main(int argc, char **argv)
{
    return program_main(&aggregator_program, argc, argv);
}
