#define _GNU_SOURCE
#include "camera_double.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int fail(int error)
{
    errno = error;
    return -1;
}

int read_file(const char *path, uint8_t *target, size_t room)
{
    const int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    size_t length = 0;
    if (file < 0)
        return -1;
    for (long got; length < room && (got = syscall(SYS_read, file, target + length, room - length)) > 0;)
        length += (size_t)got;
    syscall(SYS_close, file);
    return (int)length;
}

void note(const char *format, ...)
{
    char path[2 * TEXT], line[TEXT];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    snprintf(path, sizeof path, "%s/log", getenv("CAMERA_DOUBLE"));
    const int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file >= 0 && syscall(SYS_write, file, line, (size_t)length) == length)
        syscall(SYS_close, file);
}

const char *value_of(struct device *device, const char *key, const char *standard, char *value)
{
    uint8_t text[4096];
    const int length = read_file(device->path, text, sizeof text - 1);
    if (length < 0) {
        device->is_gone = 1;
        return standard;
    }
    text[length] = 0;
    char *rest = NULL;
    for (char *line = strtok_r((char *)text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const size_t name = strcspn(line, " ");
        if (name == strlen(key) && strncmp(line, key, name) == 0 && line[name]) {
            snprintf(value, TEXT, "%s", line + name + 1);
            return value;
        }
    }
    return standard;
}

long number_of(struct device *device, const char *key, long standard)
{
    char value[TEXT];
    const char *text = value_of(device, key, NULL, value);
    return text ? strtol(text, NULL, 0) : standard;
}

int item_of(struct device *device, const char *key, const char *standard, uint32_t index, char *item)
{
    char value[TEXT], *rest = NULL;
    snprintf(value, sizeof value, "%s", value_of(device, key, standard, (char[TEXT]){0}));
    for (char *next = strtok_r(value, ",", &rest); next; next = strtok_r(NULL, ",", &rest)) {
        if (index-- == 0) {
            snprintf(item, TEXT, "%s", next);
            return 1;
        }
    }
    return 0;
}
