/* connector_verdicts FILE…: what the reader says of each connector file, one line each: "ok", or the reason. */
#include <stdio.h>

#include "../../ingest/language/connector.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct error err = {0};
        struct connector *connector = connector_load(argv[i], &err);
        puts(connector ? "ok" : err.message);
        connector_free(connector);
    }
    return 0;
}
