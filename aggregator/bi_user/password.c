#include "password.h"

#include <string.h>
#include <strings.h>

bool password_is_fit(const char *login, const char *password, size_t length, struct error *err)
{
    size_t name = strlen(login), counted = 0;
    for (size_t i = 0; i < length;) {
        bool is_name = name > 0 && name <= length - i && strncasecmp(password + i, login, name) == 0;
        counted += is_name ? 0 : 1;
        i += is_name ? name : 1;
    }
    return counted >= PASSWORD_MIN ||
           error_tell(err, ERROR_CONFIG, false,
                      "mật khẩu của %.64s phải có ít nhất %d ký tự, không kể chính tên tài "
                      "khoản",
                      "the password of %.64s must have at least %d characters, its own name not "
                      "counted",
                      login, PASSWORD_MIN);
}
