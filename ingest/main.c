#include "options.h"

int main(int argc, char **argv)
{
    return program_main(&ingest_program, argc, argv);
}
