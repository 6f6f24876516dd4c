/* Who gives a command, as an audit names them. */
#ifndef MOOC_OPERATOR_NAME_H
#define MOOC_OPERATOR_NAME_H

/* The login at this machine, also behind sudo; "" if it has no name. Valid until the next call. */
const char *operator_name(void);

#endif
