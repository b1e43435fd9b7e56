/* What the program calls. */
#define _GNU_SOURCE
#include "camera_double.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct device devices[MOST_DEVICES];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static struct device *device_of(int file)
{
    for (int i = 0; file > 0 && i < MOST_DEVICES; i++)
        if (devices[i].file == file)
            return &devices[i];
    return NULL;
}

static int open_device(const char *path)
{
    struct device *device = NULL;
    for (int i = 0; i < MOST_DEVICES && !device; i++)
        if (devices[i].file == 0)
            device = &devices[i];
    if (!device)
        return fail(EMFILE);
    memset(device, 0, sizeof *device);
    snprintf(device->path, sizeof device->path, "%s%s", getenv("CAMERA_DOUBLE"), path);
    const int error = (int)number_of(device, "open-error", 0);
    if (error || device->is_gone)
        return fail(error ? error : ENOENT);
    char *target = realpath(device->path, NULL); /* what is pulled out is the device, not the link */
    if (!target)
        return fail(ENOENT);
    snprintf(device->path, sizeof device->path, "%s", target);
    free(target);
    device->interval = (struct v4l2_fract){1, 30};
    device->file = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    note("open %s\n", strrchr(device->path, '/') + 1);
    return device->file;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    if (getenv("CAMERA_DOUBLE") && (strncmp(path, "/dev/video", 10) == 0 || strncmp(path, "/dev/v4l/", 9) == 0)) {
        pthread_mutex_lock(&gate);
        const int file = open_device(path);
        pthread_mutex_unlock(&gate);
        return file;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPEN(name)                                                   \
    int name(const char *path, int flags, ...)                       \
    {                                                                \
        mode_t mode = 0;                                             \
        if (flags & (O_CREAT | __O_TMPFILE)) {                       \
            va_list arguments;                                       \
            va_start(arguments, flags);                              \
            mode = va_arg(arguments, mode_t);                        \
            va_end(arguments);                                       \
        }                                                            \
        return open_any(path, flags, mode);                          \
    }
OPEN(open)
OPEN(open64)

int ioctl(int file, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    pthread_mutex_lock(&gate);
    struct device *device = device_of(file);
    const int result = device ? answer(device, (uint32_t)request, argument) : 0;
    pthread_mutex_unlock(&gate);
    return device ? result : (int)syscall(SYS_ioctl, file, request, argument);
}

static void *map(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    struct device *device = file > 0 ? device_of(file) : NULL;
    if (!device)
        return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
    const uint32_t index = (uint32_t)(offset >> 24);
    if (index >= device->count || length != device->buffers[index].length) {
        errno = EINVAL;
        return MAP_FAILED;
    }
    /* The same pages a second time, which the program may unmap. */
    return (void *)syscall(SYS_mmap, NULL, length, protection, MAP_SHARED, device->buffers[index].file, 0);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    return map(address, length, protection, flags, file, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    return map(address, length, protection, flags, file, offset);
}

/* The header calls the entries write-only. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
int poll(struct pollfd *entries, nfds_t count, int milliseconds)
{
    struct device *device = count == 1 ? device_of(entries->fd) : NULL;
    if (!device) {
        struct timespec limit = {milliseconds / 1000, 1000000L * (milliseconds % 1000)};
        return (int)syscall(SYS_ppoll, entries, count, milliseconds < 0 ? NULL : &limit, NULL, 0);
    }
    for (const double begin = now();;) {
        pthread_mutex_lock(&gate);
        entries->revents = events_of(device);
        pthread_mutex_unlock(&gate);
        if (entries->revents || (milliseconds >= 0 && now() - begin >= 1e-3 * milliseconds))
            return entries->revents != 0;
        nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
}

int close(int file)
{
    pthread_mutex_lock(&gate);
    struct device *device = device_of(file);
    if (device) {
        note("close\n");
        free_buffers(device);
        device->file = 0;
    }
    pthread_mutex_unlock(&gate);
    return (int)syscall(SYS_close, file);
}

/* .NET asks for functions of libc by that library's handle, which goes past what is preloaded: it gets the whole program's instead. */
void *dlopen(const char *name, int mode)
{
    static void *(*real)(const char *, int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "dlopen");
    return real(name && (strcmp(name, "libc") == 0 || strcmp(name, "libc.so.6") == 0) ? NULL : name, mode);
}
