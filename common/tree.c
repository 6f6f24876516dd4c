#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define MAX_FILE ((size_t)256 << 20)

static bool failed(struct error *err, const char *path)
{
    return error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                      ERROR_REASON(errno));
}

bool tree_is_free(const char *path, struct error *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT || failed(err, path);
    bool is_free = true;
    for (struct dirent *entry; is_free && (entry = readdir(dir));)
        is_free = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(dir);
    return is_free ||
           error_tell(err, ERROR_USAGE, false,
                      "%s không trống, mà không tệp nào bị ghi đè: hãy nêu một thư mục trống",
                      "%s is not empty: nothing is written over. Give an empty folder", path);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    (void)remove(path);
    return 0;
}

void tree_remove(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

bool tree_make_folder(const char *path, unsigned mode, struct error *err)
{
    return mkdir(path, (mode_t)mode) == 0 || errno == EEXIST ||
           error_tell(err, ERROR_USAGE, false,
                      "không tạo được thư mục %s (" REASON_VI
                      "): hãy nêu thư mục khác, trên ổ đĩa lưu "
                      "được tệp và nơi được phép ghi",
                      "the folder %s cannot be made (" REASON_EN
                      "): name another, on a disk that keeps files "
                      "and where you may write",
                      path, ERROR_REASON(errno));
}

bool tree_make(const char *path, struct error *err)
{
    char part[4096];
    if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
        return error_tell(err, ERROR_CONFIG, false, "%s: tên quá dài", "%s: the name is too long",
                          path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!tree_make_folder(part, 0700, err))
            return false;
        *slash = '/';
    }
    return tree_make_folder(part, 0700, err);
}

static bool copy_file(const char *from, const char *to, int64_t *files, struct error *err)
{
    size_t length;
    if (access(from, F_OK) != 0)
        return errno == ENOENT || failed(err, from);
    char *bytes = file_read_whole(from, MAX_FILE, &length, err);
    bool fine = bytes && file_write_whole(to, bytes, length, err);
    free(bytes);
    *files += fine;
    return fine;
}

bool tree_copy(const char *from, const char *to, bool (*leave_out)(const char *name),
               int64_t *files, struct error *err)
{
    DIR *dir = opendir(from);
    if (!dir)
        return errno == ENOENT || failed(err, from);
    bool fine = tree_make(to, err);
    for (struct dirent *entry; fine && (entry = readdir(dir));) {
        char source[4096], target[4096];
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            (leave_out && leave_out(entry->d_name)))
            continue;
        if (snprintf(source, sizeof(source), "%s/%s", from, entry->d_name) >= (int)sizeof(source) ||
            snprintf(target, sizeof(target), "%s/%s", to, entry->d_name) >= (int)sizeof(target))
            fine = error_tell(err, ERROR_CONFIG, false, "%s: có tên quá dài",
                              "%s: a name is too long", from);
        else if (lstat(source, &info) != 0)
            fine = errno == ENOENT || failed(err, source);
        else if (S_ISDIR(info.st_mode))
            fine = tree_copy(source, target, NULL, files, err);
        else if (S_ISREG(info.st_mode))
            fine = copy_file(source, target, files, err);
    }
    closedir(dir);
    return fine;
}
